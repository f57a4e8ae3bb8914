package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;

import io.github.sequinroutes.TestBulkhead;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The command line in a process of its own, as a user starts it: a folder with the routes and the configuration. */
final class TestProcess implements AutoCloseable {
    static final String TOKEN = "tok+en/S3cr3t=";

    /** Option of the JVM: it tells which classes it has loaded. */
    static final String LOADED = "-Xlog:class+load:file=classes.txt:uptime";

    private final TemporaryFolder home = new TemporaryFolder("standalone");
    private final Path folder = home.path();
    private final Path output = folder.resolve("output.txt");
    private final Map<String, String> configuration = new TreeMap<>();
    private final Map<String, String> environment = new TreeMap<>();
    private final List<String> options = new ArrayList<>();
    private JavaProcess process;

    TestProcess() throws IOException {
        TestBulkhead.enter();
        home.copyRoutes("routes");
        logging(Path.of("src/main/standalone/log4j2.properties"));
        set("camel.management.enabled", "false");
        set("sequin.wait-for", "1s");
    }

    /** With all that is needed to reach the server and the database. */
    TestProcess(SandboxServer server, TestDatabase database) throws IOException {
        this();
        set("sequin.url", server.url());
        set("sequin.consumer", "test");
        set("sequin.token", TOKEN);
        set("postgres.url", database.url());
    }

    /** Configures log4j, else as production does. */
    void logging(Path file) {
        options.removeIf(option -> option.startsWith("-Dlog4j2."));
        options.add("-Dlog4j2.configurationFile=" + file.toAbsolutePath());
    }

    /** Adds an option of the JVM. */
    TestProcess option(String option) {
        options.add(option);
        return this;
    }

    TestProcess set(String key, String value) {
        configuration.put(key, value);
        return this;
    }

    TestProcess unset(String key) {
        configuration.remove(key);
        return this;
    }

    TestProcess environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Puts a network that can fail between it and its database. */
    TcpProxy network(TestDatabase database) throws IOException {
        TcpProxy network = new TcpProxy("localhost", database.port());
        set("postgres.url", database.url().replace("localhost:" + database.port(), network.authority()));
        return network;
    }

    /** Starts it with these arguments, and application.properties in the working directory. */
    TestProcess start(String... arguments) throws IOException {
        writeConfiguration("application.properties");
        return startAsIs(arguments);
    }

    /** Starts it with these arguments, and no other files than those that are there. */
    TestProcess startAsIs(String... arguments) throws IOException {
        process = startBeside(output, arguments);
        return this;
    }

    /** Starts another one in the same folder, which is the caller's to close; what it prints is appended to the log. */
    JavaProcess startBeside(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")); // starts sooner
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), "io.github.sequinroutes.cli.Cli"));
        command.addAll(List.of(arguments));
        return new JavaProcess(folder, log, command, environment);
    }

    /** The parent's class path; its entries are absolute, whatever directory the child works in. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .reduce((a, b) -> a + File.pathSeparator + b)
                .orElseThrow();
    }

    void writeConfiguration(String name) throws IOException {
        StringBuilder text = new StringBuilder();
        configuration.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(folder.resolve(name), text);
    }

    /** Sends SIGTERM. */
    TestProcess terminate() {
        process.terminate();
        return this;
    }

    /** Sends SIGKILL, and waits for its end. */
    void kill() {
        process.kill();
    }

    /** Waits until the JVM has loaded a class of this name. Only of a process with the option {@link #LOADED}. */
    TestProcess awaitLoaded(String className) {
        Path classes = folder.resolve("classes.txt");
        await("class: " + className)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Files.exists(classes) && Files.readString(classes).contains("] " + className + " source:"));
        return this;
    }

    /** Whether it still runs after this time. */
    boolean runsFor(long millis) throws InterruptedException {
        return !process.awaitEnd(Duration.ofMillis(millis));
    }

    /** Waits for its end, and returns its exit status. */
    int exitStatus() throws Exception {
        if (!process.awaitEnd(Duration.ofSeconds(60))) {
            throw new AssertionError("still running:\n" + output());
        }
        return process.exitStatus();
    }

    boolean isRunning() {
        return process.isRunning();
    }

    /** What it has written to stdout and stderr so far. */
    String output() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    TestProcess awaitOutput(String text) {
        await("output: " + text).atMost(Duration.ofSeconds(60)).until(() -> output().contains(text));
        return this;
    }

    /** A file of the working directory. */
    Path file(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() throws IOException {
        if (process != null) {
            process.close();
        }
        home.close();
    }
}
