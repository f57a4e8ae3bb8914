package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.JavaProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The terminal of docs/first-collection.md: what is typed there prints what stands there. */
@Tag("long")
class FirstCollectionDocumentTest {
    private static final Pattern COMMAND = Pattern.compile("(?m)^ {4}\\$ (.*)\\n((?: {4}(?!\\$ ).*\\n|\\n(?= {4}))*)");
    private static final Pattern OURS = Pattern.compile(
            "java .*-jar sequin-postgres-routes\\.jar ?(.*?)(> run\\.log 2>&1 &)?(; echo status \\$\\?)?");
    private static final Pattern SQL = Pattern.compile("psql -(At|q)c '(.*)' garden");
    private static final Pattern POSTED = Pattern.compile("curl --silent --data-binary @(\\S+) .*");
    /** A time of a log line, and an age. */
    private static final Pattern TIME = Pattern.compile("(?m)^[-\\d]{10} [:.\\d]{12} |(?<= )\\d+s(?= )");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void everyCommandPrintsWhatStandsThere() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess terminal = new TestProcess(server, database)) {
            server.consumer("test", Duration.ofSeconds(30), 10_000);
            terminal.writeConfiguration("application.properties");
            empty(terminal.file("routes/collections"));
            List<JavaProcess> running = new ArrayList<>();
            try {
                Matcher commands = COMMAND.matcher(Files.readString(Path.of("docs/first-collection.md")));
                while (commands.find()) {
                    String shown = commands.group(2).replaceAll("(?m)^ {4}", "");
                    type(commands.group(1), shown, server, database, terminal, running);
                }
            } finally {
                running.forEach(JavaProcess::close);
            }
            assertEquals(1, running.size());
        }
    }

    private void type(
            String command,
            String shown,
            SandboxServer server,
            TestDatabase database,
            TestProcess terminal,
            List<JavaProcess> running)
            throws Exception {
        Matcher ours = OURS.matcher(command);
        Matcher sql = SQL.matcher(command);
        Matcher posted = POSTED.matcher(command);
        if (command.startsWith("cat ")) {
            Files.writeString(terminal.file(command.substring(4)), shown);
            if (running.isEmpty()) {
                assertEquals("{\"accepted\":2,\"refused\":[]}\n", post(server, shown));
            }
        } else if (ours.matches() && ours.group(2) != null) {
            running.add(terminal.startBeside(terminal.file("run.log"), "run"));
        } else if (ours.matches()) {
            int before = terminal.output().length();
            terminal.startAsIs(ours.group(1).strip().split(" "));
            int status = terminal.exitStatus();
            String printed = terminal.output().substring(before);
            assertEquals(timeless(shown), timeless(printed + (ours.group(3) == null ? "" : "status " + status + "\n")));
        } else if (command.equals("tail -n 1 run.log")) {
            await(shown).atMost(Duration.ofSeconds(60)).until(() -> Files.readString(terminal.file("run.log"))
                    .lines()
                    .anyMatch(line -> timeless(line).equals(timeless(shown).strip())));
        } else if (sql.matches() && sql.group(1).equals("q")) {
            database.execute(sql.group(2));
        } else if (sql.matches()) {
            await(command)
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertEquals(
                            shown.lines().toList(),
                            database.rows(sql.group(2)).stream()
                                    .map(row -> row.replace("~", ""))
                                    .toList()));
        } else if (posted.matches()) {
            assertEquals(shown, post(server, Files.readString(terminal.file(posted.group(1)))));
        } else {
            assertTrue(command.startsWith("sed -i "), command);
            Path log = terminal.file("sed.txt");
            int status = new ProcessBuilder("sh", "-c", command)
                    .directory(terminal.file("").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            assertEquals(0, status, Files.readString(log));
        }
    }

    private String post(SandboxServer server, String lines) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/records"))
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body().strip() + "\n";
    }

    private static String timeless(String text) {
        return TIME.matcher(text).replaceAll("");
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
