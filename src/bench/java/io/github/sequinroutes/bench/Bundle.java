package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.Ports;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** The standalone product in a process of its own, with the options of the JVM that its package has. */
final class Bundle implements AutoCloseable {
    private static final Path FOLDER = Path.of("target", "bench");

    private final JavaProcess process;

    /** Starts it for a consumer, with further options for the JVM. */
    Bundle(StandalonePackage standalone, Contenders on, String consumer, int workers, int batchSize, String... options)
            throws IOException {
        Files.createDirectories(FOLDER);
        Properties settings = new Properties();
        settings.setProperty("sequin.url", on.server().url());
        settings.setProperty("sequin.consumer", consumer);
        settings.setProperty("sequin.token", BenchServer.TOKEN);
        settings.setProperty("sequin.workers", Integer.toString(workers));
        settings.setProperty("sequin.batch-size", Integer.toString(batchSize));
        settings.setProperty(
                "sequin.routes", on.workload().routes().toAbsolutePath().toString());
        settings.setProperty("sequin.ack-wait", "60s");
        settings.setProperty("postgres.url", on.databaseUrl());
        settings.setProperty("camel.management.port", Integer.toString(Ports.free()));
        Path file = FOLDER.resolve("bundle.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            settings.store(writer, null);
        }
        List<String> all = new ArrayList<>(standalone.options());
        all.addAll(List.of(options));
        process = standalone.run(file, FOLDER.resolve("bundle.log"), all);
    }

    /** Ends it in order. */
    void terminate() throws InterruptedException {
        process.terminate();
        process.awaitEnd(Duration.ofSeconds(20));
    }

    /** The time that all its threads have computed, garbage collection included. */
    Duration cpu() {
        return process.cpu();
    }

    /** The most memory that it has held, in MB. */
    long peakRss() {
        return process.peakKilobytes() / 1024;
    }

    @Override
    public void close() {
        process.close();
    }
}
