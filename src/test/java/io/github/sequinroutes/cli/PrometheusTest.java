package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.*;
import java.time.Duration;
import org.junit.jupiter.api.*;

@Tag("long")
class PrometheusTest {
    @Test
    void look() throws Exception {
        TestDatabase database = new TestDatabase();
        SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
        SandboxConsumer consumer = server.consumer("test", Duration.ofSeconds(30), 10_000);
        int port = Ports.free();
        try (TestProcess process = new TestProcess(server, database)) {
            process.set("camel.management.enabled", "true").set("camel.management.port", "" + port);
            for (int i = 0; i < 100; i++) consumer.offerAsIs(TestRecord.of("stripe:customer", "c" + i, 1, "{}"));
            consumer.offerAsIs(TestRecord.of("no:route", "c", 1, "{}"));
            process.start();
            try { await().atMost(Duration.ofSeconds(40)).until(() -> consumer.left() == 0); } finally { Files.writeString(Path.of("/tmp/helpers/scrape-out.txt"), process.output()); }
            Thread.sleep(3000);
            String body = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/observe/metrics")).build(), HttpResponse.BodyHandlers.ofString()).body();
            Files.writeString(Path.of("/tmp/helpers/scrape.txt"), body);
            Files.writeString(Path.of("/tmp/helpers/scrape-out.txt"), process.output());
        }
    }
}
