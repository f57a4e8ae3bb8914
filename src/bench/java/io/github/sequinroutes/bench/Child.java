package io.github.sequinroutes.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A child JVM with this one's class path. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    Child(Map<String, String> environment, List<String> options, String... command) throws IOException {
        List<String> whole = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        whole.addAll(options);
        whole.addAll(List.of("-cp", System.getProperty("bench.class-path", System.getProperty("java.class.path"))));
        whole.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().putAll(environment);
        process = builder.start();
        lines = process.inputReader(StandardCharsets.UTF_8);
    }

    /** The next line of its output that begins so. */
    String awaitLine(String prefix) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(prefix)) {
                return line;
            }
            if (line.contains("WARN") || line.contains("ERROR")) {
                System.out.println(line);
            }
        }
        throw new IOException("it ended before it printed " + prefix);
    }

    /** Reads and forgets its output, lest it wait for somebody to do so. */
    Child drainOutput() {
        Thread thread = new Thread(
                () -> lines.lines().filter(line -> line.contains("WARN")).forEach(System.out::println));
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** The time that all its threads have computed, garbage collection included. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory that it has held, in MB. */
    long peakMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
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
        }
    }
}
