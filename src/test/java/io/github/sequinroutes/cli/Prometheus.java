package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus as Debian's package has it, which scrapes one process each second; and its promtool. */
final class Prometheus implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final TemporaryFolder folder = new TemporaryFolder("prometheus");
    private final int port = Ports.free();
    private final Process process;

    /** With the rules of {@code deploy/}; the process is asked at this port. */
    Prometheus(int scraped) throws IOException {
        Path configuration = folder.path().resolve("prometheus.yml");
        Files.writeString(configuration, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - job_name: sequin-postgres-routes
                    metrics_path: /observe/metrics
                    static_configs: [{targets: ["localhost:%d"]}]
                """.formatted(
                        Path.of("deploy/prometheus/alerts.yaml").toAbsolutePath(), scraped));
        process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + folder.path().resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.path().resolve("prometheus.log").toFile())
                .start();
    }

    /** Whether both programs are on the PATH. */
    static boolean isInstalled() {
        return Stream.of("prometheus", "promtool").allMatch(Prometheus::isOnPath);
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs promtool on an input, and returns its output, which is empty or begins with its exit status if that is not 0. */
    static String promtool(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        try (TemporaryFolder own = new TemporaryFolder("promtool")) {
            Path output = own.path().resolve("output");
            Process tool = new ProcessBuilder(command)
                    .redirectInput(Files.writeString(own.path().resolve("input"), input)
                            .toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int status = tool.waitFor();
            return (status == 0 ? "" : status + ": ") + Files.readString(output);
        }
    }

    /** What a query gives now: an array of series, each with its labels and its value. */
    JsonNode query(String query) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + port + "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        String body = HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        JsonNode answer = new ObjectMapper().readTree(body);
        if (!answer.path("status").asText().equals("success")) {
            throw new AssertionError(query + "\n" + body);
        }
        return answer.at("/data/result");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        folder.close();
    }
}
