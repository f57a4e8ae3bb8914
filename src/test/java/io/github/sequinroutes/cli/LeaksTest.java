package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.Ports;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No secret in a log, a metric, an error or a dead letter, at the level of logging that people turn on in need. */
@Order(1) // takes long
class LeaksTest extends ProcessTest {
    private static final String PASSWORD = "pa55w0rd!xyz";
    /** What whoever looks at the port must show. */
    private static final String PORT_TOKEN = "m4nagement+t/ken=";

    private int port;

    @BeforeEach
    void prepare() throws Exception {
        port = Ports.free();
        process.set("postgres.password", PASSWORD)
                .set("camel.management.enabled", "true")
                .set("camel.management.port", Integer.toString(port))
                .set("sequin.management-token", PORT_TOKEN);
        Path logging = process.file("debug.properties");
        // Quartz, Hikari and HttpClient included
        Files.writeString(
                logging,
                Files.readString(Path.of("src/main/standalone/log4j2.properties"))
                        .replace("rootLogger.level = info", "rootLogger.level = debug")
                        .replace("= warn", "= debug"));
        process.logging(logging);
    }

    private static void assertNoSecret(String text) {
        for (String secret : List.of(TestProcess.TOKEN, PASSWORD, PORT_TOKEN, "x:" + PORT_TOKEN)) {
            byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            for (String form : List.of(secret, URLEncoder.encode(secret, StandardCharsets.UTF_8), base64)) {
                int at = text.indexOf(form);
                assertTrue(at < 0, () -> text.substring(Math.max(0, at - 500), at + form.length()));
            }
        }
        // no part of it either, as where a + has become a space
        for (String part : List.of("S3cr3t", "pa55w0rd", "m4nagement")) {
            int at = text.indexOf(part);
            assertTrue(at < 0, () -> text.substring(Math.max(0, at - 500), at + part.length()));
        }
    }

    private String observed(String path) throws Exception {
        String basic = Base64.getEncoder().encodeToString(("x:" + PORT_TOKEN).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/observe/" + path))
                .header("Authorization", "Basic " + basic)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    private void stop() throws Exception {
        assertEquals(0, process.terminate().exitStatus());
        assertTrue(process.output().contains(" DEBUG "));
        assertNoSecret(process.output());
    }

    @Test
    void whileItWritesAndMakesDeadLettersOfEveryReason() throws Exception {
        consumer.offerAsIs(TestRecord.of("stripe:customer", "a", 1, "{\"balance\": 1}"));
        consumer.offerAsIs(TestRecord.of("stripe:customer", "b", 1, "{\"balance\": \"much\"}"));
        consumer.offerAsIs(TestRecord.of("stripe:invoice", "c", 1, "{}"));
        consumer.offerAsIs("\"no object\"");
        process.start();
        awaitDrained();
        assertEquals("1", database.value("select count(*) from stripe.customers"));
        assertEquals(
                "malformed|rejected|unknown-collection",
                String.join("|", database.rows("select reason from sequin.dead_letters order by reason")));
        assertNoSecret(String.join("\n", database.rows("select * from sequin.dead_letters")));
        assertTrue(observed("health").contains("status"));
        assertNoSecret(observed("health"));
        assertTrue(observed("metrics").contains("camel_exchange"));
        assertNoSecret(observed("metrics"));
        await().until(() -> observed("status").contains("unknown-collection"));
        assertNoSecret(observed("status"));
        stop();
    }

    @Tag("long")
    @Test
    void whileTheServerRefusesTheToken() throws Exception {
        server.close();
        server = new SandboxServer(0, "another");
        server.consumer("test", Duration.ofMinutes(10), 1_000);
        process.set("sequin.url", server.url()).start().awaitOutput("401").awaitOutput("trying again");
        assertNoSecret(observed("health") + observed("metrics") + observed("status"));
        stop();
    }

    @Tag("long")
    @Test
    void whileTheServerIsDown() throws Exception {
        server.close();
        process.start().awaitOutput("trying again").awaitOutput("refused");
        stop();
    }

    @Tag("long")
    @Test
    void whileTheDatabaseIsDown() throws Exception {
        process.set("postgres.url", "jdbc:postgresql://localhost:" + Ports.free() + "/x?password=" + PASSWORD)
                .start()
                .awaitOutput("trying again");
        assertNoSecret(observed("health") + observed("metrics") + observed("status"));
        stop();
    }

    @Tag("long")
    @Test
    void whileTheDatabaseRefusesTheUser() throws Exception {
        process.set("postgres.url", database.url().replaceAll("user=[^&]*", "user=nobody-here"))
                .start()
                .awaitOutput("trying again");
        stop();
    }

    @Tag("long")
    @Test
    void whenTheyAreInFiles() throws Exception {
        Path token = Files.writeString(process.file("token"), TestProcess.TOKEN);
        Path password = Files.writeString(process.file("password"), PASSWORD);
        process.unset("sequin.token")
                .unset("postgres.password")
                .set("sequin.token-file", token.toString())
                .set("postgres.password-file", password.toString())
                .start();
        consumer.offerAsIs(TestRecord.of("stripe:customer", "a", 1, "{}"));
        awaitDrained();
        Files.writeString(token, TestProcess.TOKEN + " " + TestProcess.TOKEN);
        process.awaitOutput("sequin.token-file stays as it was: ");
        stop();
    }

    @Tag("long")
    @Test
    void inWrongConfiguration() throws Exception {
        process.set("sequin.token", TestProcess.TOKEN + " " + TestProcess.TOKEN)
                .set("postgres.url", "jdbc:postgresql://me:" + PASSWORD + "@localhost/x")
                .set("sequin.url", "http://me:" + PASSWORD + "@localhost:1")
                .set("sequin.batch-size", "0");
        assertEquals(2, process.start().exitStatus());
        assertNoSecret(process.output());
    }

    @Tag("long")
    @Test
    void inAWrongRoute() throws Exception {
        Files.writeString(process.file("routes/collections/stripe-customer.upsert.sql"), "select");
        process.start().awaitOutput("stripe-customer.upsert.sql:1:1: a template needs at least one path");
        await().until(() -> observed("health").contains("paused"));
        assertNoSecret(observed("health") + observed("metrics") + observed("status"));
        stop();
    }
}
