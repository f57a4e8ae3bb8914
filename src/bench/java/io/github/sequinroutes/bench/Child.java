package io.github.sequinroutes.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that this one starts and ends. */
final class Child implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // also when Maven is interrupted
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final BufferedReader lines;
    private final PrintStream input;

    Child(ProcessBuilder builder) throws IOException {
        process = builder.start();
        RUNNING.add(process);
        lines = process.inputReader(StandardCharsets.UTF_8);
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** A program of the JDK that runs this. */
    static String jdk(String program) {
        return Path.of(System.getProperty("java.home"), "bin", program).toString();
    }

    /** Sends it a line. */
    void send(String line) {
        input.println(line);
    }

    /** The next line of its output, which must begin so. */
    String awaitLine(String prefix) throws IOException {
        String line = lines.readLine();
        if (line == null || !line.startsWith(prefix)) {
            throw new IOException(
                    "waited for '" + prefix + "', but it " + (line == null ? "has ended" : "said '" + line + "'"));
        }
        return line;
    }

    /** The process's ID. */
    long pid() {
        return process.pid();
    }

    /** The time that all its threads have computed, garbage collection included. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory that it has held, in MB; 0 if unknown. */
    long peakRss() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(status)) {
            return 0; // no Linux
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    /** Waits until it ends by itself, and returns its exit status. */
    int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        RUNNING.remove(process);
    }
}
