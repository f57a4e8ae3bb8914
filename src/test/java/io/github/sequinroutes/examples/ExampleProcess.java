package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An example in a process of its own, with its own files but for where the server and the database are. */
final class ExampleProcess implements AutoCloseable {
    static final String TOKEN = "tok+en/S3cr3t=";

    private static final Set<Integer> ENDED_BY_SIGTERM = Set.of(0, 128 + 15);
    private static final Pattern PORT = Pattern.compile("(?:started on port |Listening on: http://[^:]+:)(\\d+)");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TemporaryFolder home = new TemporaryFolder("example");
    private final List<String> options = new ArrayList<>();
    private JavaProcess process;

    /** A process that has not been started, of a host that is told of the database by this key. */
    ExampleProcess(SandboxServer server, TestDatabase database, String databaseKey) throws IOException {
        options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // starts sooner
        set("sequin.url", server.url());
        set("sequin.consumer", "test");
        set("sequin.token", TOKEN);
        set("sequin.wait-for", "1s");
        set(databaseKey, database.url());
        set("server.port", "0");
    }

    /** Unpacks a fat jar with its own means, and returns the jar that runs what was unpacked. */
    static Path extract(Path jar, Path target) throws Exception {
        List<String> arguments =
                List.of("-Djarmode=tools", "-jar", jar.toString(), "extract", "--destination", target.toString());
        Path log = target.resolveSibling("extract.log");
        try (JavaProcess extraction = new JavaProcess(jar.getParent(), log, arguments)) {
            if (!extraction.awaitEnd(Duration.ofSeconds(60)) || extraction.exitStatus() != 0) {
                throw new AssertionError(jar + " could not be extracted:\n" + extraction.output());
            }
        }
        return target.resolve(jar.getFileName());
    }

    /** Sets a key, by a system property. */
    ExampleProcess set(String key, String value) {
        options.add("-D" + key + "=" + value);
        return this;
    }

    /** Starts it with what follows the JVM's options, {@code -jar} or a class path, in this directory. */
    ExampleProcess start(Path directory, String... arguments) throws IOException {
        options.addAll(List.of(arguments));
        process = new JavaProcess(directory, home.path().resolve("output.txt"), options);
        return this;
    }

    /** Waits until it has logged this. */
    void awaitOutput(String text) {
        await(text).atMost(PATIENCE).until(() -> isRunning() && output().contains(text));
    }

    /** Whether it runs; an assertion fails if it has ended by itself. */
    boolean isRunning() throws IOException {
        if (!process.isRunning()) {
            throw new AssertionError("ended with " + process.exitStatus() + ":\n" + output());
        }
        return true;
    }

    /** What is at this path of its web server. */
    String get(String path) throws Exception {
        await("its port")
                .atMost(PATIENCE)
                .until(() -> isRunning() && PORT.matcher(output()).find());
        Matcher port = PORT.matcher(output());
        port.find();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port.group(1) + path))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Sends SIGKILL, and waits for its end. */
    void kill() {
        process.kill();
    }

    /** Sends SIGTERM: a Camel of this version must shut down, and the process end as one that has been told to. */
    void assertEnds(String camel) throws Exception {
        process.terminate();
        if (!process.awaitEnd(Duration.ofSeconds(30))) {
            throw new AssertionError("still running:\n" + output());
        }
        int status = process.exitStatus();
        assertTrue(ENDED_BY_SIGTERM.contains(status), status + ":\n" + output());
        Pattern end = Pattern.compile("Apache Camel " + Pattern.quote(camel) + " .* shutdown in ");
        assertTrue(end.matcher(output()).find(), output());
    }

    /** What it has logged so far. */
    String output() throws IOException {
        return process.output();
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        home.close();
    }
}
