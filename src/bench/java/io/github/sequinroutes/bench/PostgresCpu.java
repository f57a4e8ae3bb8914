package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What a PostgreSQL server on this machine has computed, in all its processes and in those that have ended. Linux only. */
final class PostgresCpu {
    private static final int PARENT = 1;
    private static final int OWN_TICKS = 11;
    private static final int OF_ENDED_TICKS = 13;
    private static final long MILLIS_A_TICK = 10;

    private final String server;

    /** Of the server that has this backend. */
    PostgresCpu(String backend) throws IOException {
        server = fields(Path.of("/proc", backend))[PARENT];
    }

    /** All of it, since the server's start. */
    Duration total() throws IOException {
        String[] parent = fields(Path.of("/proc", server));
        long ticks = ticks(parent, OWN_TICKS) + ticks(parent, OF_ENDED_TICKS);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String[] fields = fields(process);
                    if (fields[PARENT].equals(server)) {
                        ticks += ticks(fields, OWN_TICKS);
                    }
                } catch (IOException e) {
                    // it has ended
                }
            }
        }
        return Duration.ofMillis(ticks * MILLIS_A_TICK);
    }

    private static long ticks(String[] fields, int at) {
        return Long.parseLong(fields[at]) + Long.parseLong(fields[at + 1]);
    }

    /** Those behind the name, which may have anything in it. */
    private static String[] fields(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    }
}
