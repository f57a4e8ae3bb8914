package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;

import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The broker of the example {@code kafka}, in a process of its own, with its own files but for ports and data. */
final class KafkaBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TemporaryFolder home = new TemporaryFolder("kafka");
    private final Path configuration = home.path().resolve("kafka.properties");
    private final String classPath;
    private final int port = Ports.free();
    private JavaProcess process;

    /** Formats its storage; it does not run yet. */
    KafkaBroker(Path example) throws Exception {
        classPath = example.resolve("target/lib").toAbsolutePath() + "/*";
        Files.writeString(
                configuration,
                Files.readString(example.resolve("kafka.properties"))
                        .replace("localhost:9092", "localhost:" + port)
                        .replace("localhost:9093", "localhost:" + Ports.free())
                        .replace(
                                "log.dirs=broker/target/data",
                                "log.dirs=" + home.path().resolve("data")));
        run(
                "kafka.tools.StorageTool",
                "format",
                "--standalone",
                "-t",
                "MkU3OEVBNTcwNTJENDM2Qk",
                "-c",
                configuration.toString());
    }

    /** Where clients find it. */
    String address() {
        return "localhost:" + port;
    }

    void start() throws IOException {
        process = process("broker", "kafka.Kafka", configuration.toString());
        await().atMost(PATIENCE).until(() -> process.output().contains("Kafka Server started"));
    }

    /** How many records of each partition a group has not committed yet, as the tool for consumer groups has it. */
    List<String> lags(String group) throws Exception {
        String described = run(
                "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                "--bootstrap-server",
                address(),
                "--describe",
                "--group",
                group);
        return described
                .lines()
                .filter(line -> line.startsWith(group + " "))
                .map(line -> line.split(" +", -1)[5])
                .toList();
    }

    private String run(String main, String... arguments) throws Exception {
        try (JavaProcess tool = process(main, main, arguments)) {
            if (!tool.awaitEnd(PATIENCE) || tool.exitStatus() != 0) {
                throw new AssertionError(main + " has failed:\n" + tool.output());
            }
            return tool.output();
        }
    }

    private JavaProcess process(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        Path log = home.path().resolve(name + ".log");
        Files.deleteIfExists(log);
        return new JavaProcess(home.path(), log, command);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        home.close();
    }
}
