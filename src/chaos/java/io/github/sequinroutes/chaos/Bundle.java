package io.github.sequinroutes.chaos;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The standalone product, as {@code mvn package} leaves it, in processes of its own. */
final class Bundle implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;
    /** What a JVM ends with that nobody has told what to do on SIGTERM. */
    private static final int TERMINATED = 143;

    private final Path jar;
    private final Path folder;
    private final Consumer<String> problems;
    /** Each with its log. */
    private final Map<Process, Path> running = new ConcurrentHashMap<>();

    private final AtomicInteger started = new AtomicInteger();
    private final AtomicLong peakKilobytes = new AtomicLong();

    /** Works in a folder that has the routes and the configuration. */
    Bundle(Path jar, Path folder, Consumer<String> problems) {
        this.jar = jar;
        this.folder = folder;
        this.problems = problems;
        // also when Maven is interrupted
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.keySet().forEach(Process::destroyForcibly)));
    }

    /** Starts a process, beside those that run. */
    Process start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path log = folder.resolve("process-" + started.incrementAndGet() + ".log");
        // the JVM starts sooner with one compiler, and it starts often
        List<String> command = List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-jar",
                jar.toString(),
                "run",
                "--config",
                "chaos.properties");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SEQUIN_") || name.startsWith("POSTGRES_"));
        Process process = builder.start();
        running.put(process, log);
        return process;
    }

    /** One of those that run. */
    Process any() {
        return running.keySet().iterator().next();
    }

    /** SIGKILL. */
    void kill(Process process) {
        measure();
        running.remove(process);
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; it must end in time, and well. */
    void terminate(Process process) throws IOException, InterruptedException {
        measure();
        Path log = running.remove(process);
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            problems.accept("a process has not ended " + PATIENCE_SECONDS + " s after SIGTERM");
            process.destroyForcibly().onExit().join();
        } else if (process.exitValue() != 0 && !hadNotBegun(process, log)) {
            problems.accept("a process ended with status " + process.exitValue() + " after SIGTERM");
        }
    }

    /** Whether a signal ended it before its first line: then it had nothing to finish. */
    private static boolean hadNotBegun(Process process, Path log) throws IOException {
        return process.exitValue() == TERMINATED && Files.size(log) == 0;
    }

    /** Looks how much memory the processes have needed so far, and whether they are still there. */
    void measure() {
        for (Process process : List.copyOf(running.keySet())) {
            if (!process.isAlive() && running.remove(process) != null) {
                problems.accept("a process ended by itself, with status " + process.exitValue());
            }
            try {
                Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .forEach(line ->
                                peakKilobytes.accumulateAndGet(Long.parseLong(line.replaceAll("\\D", "")), Math::max));
            } catch (IOException e) {
                // no Linux, or it has just ended
            }
        }
    }

    /** The most memory that a process has had, in MB; 0 if unknown. */
    long peakMegabytes() {
        return peakKilobytes.get() / 1024;
    }

    /** How many processes have been started. */
    int started() {
        return started.get();
    }

    @Override
    public void close() {
        for (Process process : List.copyOf(running.keySet())) {
            kill(process);
        }
    }
}
