package io.github.sequinroutes.cli;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.ProducerTemplate;
import picocli.CommandLine;

/** A source, a target, and a folder with routes but without collections; commands as a user types them. */
final class Replication implements AutoCloseable {
    private final TestDatabase source = new TestDatabase();
    private final TestBundle bundle = new TestBundle();
    private final TemporaryFolder folder = new TemporaryFolder("scaffold");
    private final Path routes = folder.copyRoutes("routes");
    private Standalone process;

    /** What a command has printed, without the folder, and its exit status. */
    record Result(int status, List<String> lines) {}

    Replication(String tables) throws Exception {
        source.execute(tables);
        TemporaryFolder.delete(collections());
        Files.createDirectory(collections());
        bundle.set("sequin.routes", routes.toString()).set("sequin.api", "stream");
    }

    TestDatabase source() {
        return source;
    }

    TestDatabase target() {
        return bundle.database();
    }

    TestBundle bundle() {
        return bundle;
    }

    /** The folder of the routes, as messages have it. */
    String routes() {
        return "routes";
    }

    Path collections() {
        return routes.resolve("collections");
    }

    /** The text of a written file, such as {@code schema/public-orders.sql} or {@code routes/collections/…}. */
    String file(String name) throws Exception {
        return Files.readString(folder.path().resolve(name));
    }

    /** Writes a file. */
    void write(String name, String text) throws Exception {
        Files.createDirectories(folder.path().resolve(name).getParent());
        Files.writeString(folder.path().resolve(name), text);
    }

    /** Deletes a file. */
    void delete(String name) throws Exception {
        Files.delete(folder.path().resolve(name));
    }

    /** The path of a file. */
    String path(String name) {
        return folder.path().resolve(name).toString();
    }

    /** The names of the files that are there. */
    List<String> files() throws Exception {
        List<String> names = new ArrayList<>();
        for (Path parent : List.of(collections(), folder.path().resolve("schema"))) {
            if (Files.isDirectory(parent)) {
                try (Stream<Path> files = Files.list(parent)) {
                    files.map(file -> folder.path().relativize(file).toString()).forEach(names::add);
                }
            }
        }
        names.sort(null);
        return names;
    }

    /** The target is empty, and its messages are records of other APIs. */
    Replication forRecords() throws Exception {
        bundle.set("sequin.api", "consume");
        target().execute("drop schema stripe cascade; drop schema github cascade");
        return this;
    }

    /** Runs {@code scaffold} with the source's URL. */
    Result scaffold(String... arguments) throws Exception {
        return run(Stream.concat(Stream.of("scaffold", "--source", source.url()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    /** Runs a command. */
    Result run(String... arguments) throws Exception {
        Path config = folder.path().resolve("application.properties");
        try (var out = Files.newOutputStream(config)) {
            bundle.properties().store(out, null);
        }
        StringWriter output = new StringWriter();
        CommandLine cli = Cli.commandLine().setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config=" + config);
        int status = cli.execute(all.toArray(String[]::new));
        return new Result(
                status,
                output.toString().replace(folder.path() + "/", "").lines().toList());
    }

    /** Sends the messages of one batch through the collections, in this order; returns what has become of them. */
    List<Outcome> send(List<String> messages) throws Exception {
        List<Message> batch = messages.stream()
                .map(message -> StoredMessages.read(
                        message.getBytes(StandardCharsets.UTF_8),
                        SequinApi.of("stream").format()))
                .toList();
        if (process == null) {
            process = new Standalone(bundle.settings(), Mode.COMMAND).start();
            process.bundle().database().prepare();
        }
        try (ProducerTemplate sender = process.context().createProducerTemplate()) {
            sender.sendBody("direct:sequin-write", StoredMessages.batch(batch, new Lease(60_000)));
        }
        return batch.stream().map(Message::outcome).toList();
    }

    /** A change as the server sends it. {@code version} is {@code lsn.idx}, or empty for the read of a backfill. */
    static String change(String action, String table, String key, String version, String record) {
        int dot = version.indexOf('.');
        return """
                {"ack_id": "6f0f8f6e-4f0d-4b55-9d3a-0d6f3a0f1b2c", "data": {"record": %s, "changes": null, "action": "%s",
                 "metadata": {"table_schema": "public", "table_name": "%s", "commit_lsn": %s, "commit_idx": %s,
                 "record_pks": ["%s"], "idempotency_key": "k"}}}""".formatted(
                        record,
                        action,
                        table,
                        dot < 0 ? "null" : version.substring(0, dot),
                        dot < 0 ? "null" : version.substring(dot + 1),
                        key);
    }

    @Override
    public void close() throws IOException, SQLException {
        if (process != null) {
            process.close();
        }
        bundle.close();
        folder.close();
        source.drop();
    }
}
