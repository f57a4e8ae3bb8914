package io.github.sequinroutes.bench;

import io.github.sequinroutes.bench.ServerProcess.Drained;
import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;

/** The standalone product, as {@code mvn package} leaves it, in a process of its own with a heap of 256 MB. */
final class Bundle implements AutoCloseable {
    private static final Path JAR = Path.of("target", "standalone", "sequin-postgres-routes.jar");
    private static final Path FOLDER = Path.of("target", "bench");
    private static final Path LOG = FOLDER.resolve("bundle.log");

    private final Path gcLog = FOLDER.resolve("bundle-gc.log");
    private final Child child;

    /** Starts it for a consumer, with further options for the JVM. */
    Bundle(Testbed bed, String consumer, int workers, int writers, int batchSize, String... options)
            throws IOException {
        Files.createDirectories(FOLDER);
        Properties settings = new Properties();
        settings.setProperty("sequin.url", bed.serverUrl());
        settings.setProperty("sequin.consumer", consumer);
        settings.setProperty("sequin.token", BenchServer.TOKEN);
        settings.setProperty("sequin.workers", Integer.toString(workers));
        settings.setProperty("sequin.writers", Integer.toString(writers));
        settings.setProperty("sequin.batch-size", Integer.toString(batchSize));
        settings.setProperty("sequin.routes", bed.workload().routes().toString());
        settings.setProperty("sequin.ack-wait", "60s");
        settings.setProperty("postgres.url", bed.databaseUrl());
        settings.setProperty("camel.management.port", Integer.toString(freePort()));
        Path file = FOLDER.resolve("bundle.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        Files.deleteIfExists(gcLog);
        List<String> command =
                new ArrayList<>(List.of(Child.jdk("java"), "-Xmx256m", "-XX:+UseSerialGC", GcLog.option(gcLog)));
        command.addAll(Arrays.asList(options));
        command.addAll(List.of("-jar", JAR.toString(), "run", "--config", file.toString()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(LOG.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SEQUIN_") || name.startsWith("POSTGRES_"));
        child = new Child(builder);
    }

    /** Has its JVM do something. */
    void jcmd(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Child.jdk("jcmd"), Long.toString(child.pid())));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(LOG.toFile()));
        try (Child jcmd = new Child(builder)) {
            if (jcmd.awaitEnd() != 0) {
                throw new IOException("jcmd has failed, see " + LOG);
            }
        }
    }

    /** The process's ID. */
    long pid() {
        return child.pid();
    }

    /** The time that all its threads have computed, garbage collection included. */
    Duration cpu() {
        return child.cpu();
    }

    /** What it needed, given its computing time and that of its backends for the records that have been drained. */
    Run run(Drained drained, Duration cpu, Duration backends) throws IOException {
        GcLog gc = GcLog.read(gcLog);
        double cpuMicros = cpu.toNanos() / 1000.0 / drained.records();
        return new Run(
                Run.rate(drained.records(), drained.time()),
                Run.share(backends, drained.time()),
                cpuMicros,
                child.peakRss(),
                gc.peakHeap(),
                gc.peakLive());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
