package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, which does not outlive this one. Thread-safe. */
public final class JavaProcess implements AutoCloseable {
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // also when Maven is interrupted
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path log;

    /** Starts one with these arguments in a folder; what it prints is appended to the log. */
    public JavaProcess(Path folder, Path log, List<String> arguments) throws IOException {
        this(folder, log, arguments, Map.of());
    }

    /** The same with further environment variables; it inherits none that would configure the bundle. */
    public JavaProcess(Path folder, Path log, List<String> arguments, Map<String, String> environment)
            throws IOException {
        this.log = log;
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("SEQUIN_") || name.startsWith("POSTGRES_"));
        builder.environment().putAll(environment);
        process = builder.start();
        RUNNING.add(process);
    }

    /** The process's ID. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isRunning() {
        return process.isAlive();
    }

    /** What it has printed so far, to stdout and stderr. */
    public String output() throws IOException {
        return Files.readString(log);
    }

    /** The time that all its threads have computed, garbage collection included; zero if unknown. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most memory that it has held, in kB; zero if it has ended, or this is no Linux. */
    public long peakKilobytes() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Sends SIGKILL, and waits for its end. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        RUNNING.remove(process);
    }

    /** Sends a signal that Java has no method for, such as STOP. */
    public static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    /** Waits for its end, no longer than that; whether it has ended. */
    public boolean awaitEnd(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Its exit status, once it has ended. */
    public int exitStatus() {
        return process.exitValue();
    }

    @Override
    public void close() {
        kill();
    }
}
