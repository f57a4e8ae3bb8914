package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.Ports;
import io.github.sequinroutes.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** docs/promises.md 83: what deploy/ asks Prometheus for is there, in the real one that scrapes the real process. */
class PrometheusTest {
    private static final Path RULES = Path.of("deploy/prometheus");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final AtomicInteger offered = new AtomicInteger();

    @BeforeEach
    void needsPrometheus() {
        assumeTrue(
                Prometheus.isInstalled(),
                "There is no prometheus and promtool on the PATH (the package prometheus on Debian): what deploy/ asks it for"
                        + " is not tried");
    }

    private static JsonNode yaml(Path file) throws IOException {
        return new ObjectMapper()
                .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
    }

    private static Map<String, String> rules() throws IOException {
        Map<String, String> rules = new TreeMap<>();
        yaml(RULES.resolve("alerts.yaml"))
                .at("/groups/0/rules")
                .forEach(rule ->
                        rules.put(rule.get("alert").asText(), rule.get("expr").asText()));
        return rules;
    }

    @Test
    void theRulesPassTheirTests() throws Exception {
        String rules = RULES.resolve("alerts.yaml").toString();
        assertTrue(Prometheus.promtool("", "check", "rules", rules).startsWith("Checking"));
        String result = Prometheus.promtool(
                "", "test", "rules", RULES.resolve("alerts.test.yaml").toString());
        assertTrue(result.contains("SUCCESS") && !result.contains("FAILED"), result);
        String tests = Files.readString(RULES.resolve("alerts.test.yaml"));
        for (String alert : rules().keySet()) {
            assertTrue(tests.contains("alertname: " + alert + "\n"), alert);
        }
        assertTrue(tests.replaceAll("\\s+", " ").contains(queryOfKeda()), queryOfKeda());
    }

    private static String queryOfKeda() throws IOException {
        return yaml(Path.of("deploy/kubernetes/scaledobject.yaml"))
                .at("/spec/triggers/0/metadata/query")
                .asText();
    }

    @Tag("long")
    @Test
    void everyQueryOfTheDashboardAndTheRulesGivesWhatItShould() throws Exception {
        TestDatabase database = new TestDatabase();
        int port = Ports.free();
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, database);
                TcpProxy network = process.network(database);
                Prometheus prometheus = new Prometheus(port)) {
            SandboxConsumer consumer = server.consumer("test", Duration.ofSeconds(30), 10_000);
            process.set("camel.management.enabled", "true")
                    .set("camel.management.port", Integer.toString(port))
                    .option("-Xmx64m") // garbage is collected
                    .start();
            awaitData(prometheus, "sequin_build_info", consumer);
            database.execute("drop table stripe.subscriptions");
            awaitData(prometheus, "sequin_collection_paused == 1", consumer);
            assertEquals("", Prometheus.promtool(own(scrape(port)), "check", "metrics"));
            everyPanelHasData(prometheus, consumer);
            // at rest, but for what is paused
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertEquals(
                            Set.of("SequinCollectionPaused", "SequinDeadLettersPending", "SequinMostlyDeadLetters"),
                            firing(prometheus)));
            assertEquals("0", value(prometheus, queryOfKeda()));
            network.refuse();
            network.cut();
            await().atMost(PATIENCE).until(() -> firing(prometheus).contains("SequinPostgresAway"));
            // what cannot be written makes it lag, and more replicas would be of no use
            await().atMost(PATIENCE).until(() -> Double.parseDouble(value(prometheus, "max(sequin_lag_seconds)")) > 1);
            assertEquals("0", value(prometheus, queryOfKeda()));
            process.terminate();
            await().atMost(PATIENCE).until(() -> firing(prometheus).contains("SequinProcessDown"));
        } finally {
            database.drop();
        }
    }

    private void everyPanelHasData(Prometheus prometheus, SandboxConsumer consumer) throws Exception {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(Path.of("deploy/grafana/sequin.json")));
        for (JsonNode panel : dashboard.get("panels")) {
            assertTrue(!panel.get("targets").isEmpty(), panel.get("title").asText());
            for (JsonNode target : panel.get("targets")) {
                String query = target.get("expr").asText();
                awaitData(
                        prometheus,
                        query.replace("$__rate_interval", "10s")
                                .replace("$job", ".*")
                                .replace("$bundle", ".*"),
                        consumer);
            }
        }
    }

    /** While records come, of which some have no table and some no route. */
    private void awaitData(Prometheus prometheus, String query, SandboxConsumer consumer) {
        await(query)
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    String id = "r" + offered.incrementAndGet();
                    for (String collection : new String[] {"stripe:customer", "stripe:subscription", "no:route"}) {
                        consumer.offerAsIs(TestRecord.of(collection, id, 1, "{}"));
                    }
                    return value(prometheus, query).matches("[-+.e0-9]+");
                });
    }

    /** The value of the first series, or nothing. */
    private static String value(Prometheus prometheus, String query) throws Exception {
        return prometheus.query(query).at("/0/value/1").asText();
    }

    private static Set<String> firing(Prometheus prometheus) throws Exception {
        Set<String> firing = new TreeSet<>();
        for (Map.Entry<String, String> rule : rules().entrySet()) {
            if (!prometheus.query(rule.getValue()).isEmpty()) {
                firing.add(rule.getKey());
            }
        }
        return firing;
    }

    private static String scrape(int port) throws Exception {
        URI uri = URI.create("http://localhost:" + port + "/observe/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Without those of Camel and the JVM, which are not ours to name. */
    private static String own(String scrape) {
        return scrape.lines()
                .filter(line -> line.matches("(# (HELP|TYPE) )?sequin_.*"))
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
