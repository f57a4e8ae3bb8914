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
        Path parent = Path.of("/proc", server);
        long ended;
        long ticks;
        do { // again if one ends meanwhile: it would count twice, or not at all
            ended = ticks(fields(parent), OF_ENDED_TICKS);
            ticks = ended + ticks(fields(parent), OWN_TICKS) + ofChildren();
        } while (ended != ticks(fields(parent), OF_ENDED_TICKS));
        return Duration.ofMillis(ticks * MILLIS_A_TICK);
    }

    private long ofChildren() throws IOException {
        long ticks = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    String[] fields = fields(process);
                    ticks += fields[PARENT].equals(server) ? ticks(fields, OWN_TICKS) : 0;
                } catch (IOException e) {
                    // it has ended
                }
            }
        }
        return ticks;
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
