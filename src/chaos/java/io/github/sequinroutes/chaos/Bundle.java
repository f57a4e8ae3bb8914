package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The standalone product, as {@code mvn package} leaves it, in processes of its own. */
final class Bundle implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** What a JVM ends with that nobody has told what to do on SIGTERM. */
    private static final int TERMINATED = 143;

    private final Path jar;
    private final Path folder;
    private final Consumer<String> problems;
    private final Set<JavaProcess> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger started = new AtomicInteger();
    private final AtomicLong peakKilobytes = new AtomicLong();

    /** Works in a folder that has the routes and the configuration. */
    Bundle(Path jar, Path folder, Consumer<String> problems) {
        this.jar = jar;
        this.folder = folder;
        this.problems = problems;
    }

    /** Starts a process, beside those that run. */
    JavaProcess start() throws IOException {
        Path log = folder.resolve("process-" + started.incrementAndGet() + ".log");
        // the JVM starts sooner with one compiler, and it starts often
        List<String> arguments = List.of(
                "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", jar.toString(), "run", "--config", "chaos.properties");
        JavaProcess process = new JavaProcess(folder, log, arguments);
        running.add(process);
        return process;
    }

    /** One of those that run. */
    JavaProcess any() {
        return running.iterator().next();
    }

    /** SIGKILL. */
    void kill(JavaProcess process) {
        measure();
        running.remove(process);
        process.kill();
    }

    /** SIGTERM; it must end in time, and well. */
    void terminate(JavaProcess process) throws IOException, InterruptedException {
        measure();
        running.remove(process);
        process.terminate();
        if (!process.awaitEnd(PATIENCE)) {
            problems.accept("a process has not ended " + PATIENCE.toSeconds() + " s after SIGTERM");
            process.kill();
        } else if (process.exitStatus() != 0 && !hadNotBegun(process)) {
            problems.accept("a process ended with status " + process.exitStatus() + " after SIGTERM");
        }
    }

    /** Whether a signal ended it before its first line: then it had nothing to finish. */
    private static boolean hadNotBegun(JavaProcess process) throws IOException {
        return process.exitStatus() == TERMINATED && process.output().isEmpty();
    }

    /** Looks how much memory the processes have needed so far, and whether they are still there. */
    void measure() {
        for (JavaProcess process : Set.copyOf(running)) {
            if (!process.isRunning() && running.remove(process)) {
                problems.accept("a process ended by itself, with status " + process.exitStatus());
            }
            peakKilobytes.accumulateAndGet(process.peakKilobytes(), Math::max);
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
        Set.copyOf(running).forEach(this::kill);
    }
}
