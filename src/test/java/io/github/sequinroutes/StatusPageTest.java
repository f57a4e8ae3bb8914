package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.testkit.Ports;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 87: the status page and its port, as whoever has the token sees them, and as strangers do. */
class StatusPageTest {
    private static final String TOKEN = "p0rt+t0ken/=";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static TestBundle bundle;
    private static String origin;

    @BeforeAll
    static void start() throws Exception {
        int port = Ports.free();
        origin = "http://127.0.0.1:" + port;
        bundle = Things.guardedByTheTemplate(new TestBundle());
        bundle.database().execute("alter table things add check (value <> 'secret of a row')");
        bundle.set("camel.management.enabled", "true")
                .set("camel.management.port", Integer.toString(port))
                .set("camel.management.host", "127.0.0.1")
                .set("sequin.management-token", TOKEN)
                .offer(
                        Things.thing(1, 1),
                        Things.thing(2, 1),
                        TestRecord.of("test:thing", "bad", 1, "{\"value\": \"secret of a row\"}"),
                        TestRecord.of("stripe:customer", "much", 1, "{\"balance\": \"secret number\"}"),
                        TestRecord.of("stripe:customer", "k".repeat(199) + "😀", 1, "{\"balance\": \"secret number\"}"),
                        "\"no object\"")
                .start()
                .awaitDrained();
        bundle.database().execute("drop table stripe.subscriptions");
        bundle.offer(TestRecord.of("stripe:subscription", "a", 1, "{}"));
    }

    @AfterAll
    static void end() throws Exception {
        bundle.close();
    }

    private static HttpResponse<String> send(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(origin + path)).method(method, BodyPublishers.ofString("{}"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "Bearer " + TOKEN);
    }

    private static JsonNode report() throws Exception {
        return new ObjectMapper().readTree(get("/observe/status").body());
    }

    private static JsonNode of(JsonNode array, String key, String value) {
        return StreamSupport.stream(array.spliterator(), false)
                .filter(each -> value.equals(each.get(key).asText()))
                .findFirst()
                .orElseGet(() -> new ObjectMapper().createObjectNode());
    }

    private static JsonNode collection(String name) throws Exception {
        return of(report().at("/bundles/0/collections"), "name", name);
    }

    @Test
    void eachCollectionHasItsStateAndItsCounts() throws Exception {
        await().until(() -> collection("stripe:subscription").at("/state").asText(), "paused"::equals);
        String why = collection("stripe:subscription").get("why").asText();
        assertTrue(why.contains("relation \"stripe.subscriptions\" does not exist"), why);
        JsonNode things = collection("test:thing");
        assertEquals("running", things.get("state").asText());
        assertEquals(2, things.at("/messages/written").asInt());
        assertEquals(1, things.at("/messages/dead-lettered").asInt());
        assertEquals("waiting", collection("github:issue").get("state").asText());
        assertEquals("no-route", collection("(no route)").get("state").asText());
        assertEquals(1, collection("(no route)").at("/messages/dead-lettered").asInt());
        JsonNode points = report().at("/bundles/0/history");
        assertTrue(points.size() > 1);
        assertTrue(points.get(points.size() - 1).get("rate").asDouble() >= 0, points.toString());
        assertEquals(0, report().at("/bundles/0/problems").size());
    }

    @Test
    void deadLettersAreShownWithoutWhatTheyQuote() throws Exception {
        await().until(() -> report().at("/bundles/0/dead_letters/newest").size() == 4);
        JsonNode letters = report().at("/bundles/0/dead_letters");
        assertEquals(4, letters.get("pending").asInt());
        JsonNode bad = of(letters.get("newest"), "key", "bad");
        assertEquals("test:thing", bad.get("collection").asText());
        assertEquals("rejected", bad.get("reason").asText());
        assertEquals("23514", bad.get("sqlstate").asText());
        assertEquals(
                "test-thing.upsert.sql:1:89: :#data.value for column value: new row for relation \"things\" violates check"
                        + " constraint \"things_value_check\"",
                bad.get("error").asText());
        assertEquals(
                "malformed",
                of(letters.get("newest"), "key", "null").get("reason").asText());
        assertEquals(
                "rejected",
                of(letters.get("newest"), "key", "k".repeat(199) + "...")
                        .get("reason")
                        .asText());
        assertFalse(letters.toString().contains("secret"), letters.toString());
        assertTrue(bundle.database()
                .value("select string_agg(error, '') from sequin.dead_letters")
                .contains("secret of a row"));
    }

    @Test
    void thePageLoadsNothingFromElsewhere() throws Exception {
        for (String path : List.of("/", "/observe/")) {
            HttpResponse<String> redirect = get(path);
            assertEquals(302, redirect.statusCode());
            URI to = URI.create(origin + path)
                    .resolve(redirect.headers().firstValue("Location").orElseThrow());
            assertEquals(URI.create(origin + "/observe"), to);
        }
        HttpResponse<String> page = get("/observe");
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        Matcher reference = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page.body());
        int found = 0;
        while (reference.find()) {
            if (!reference.group(1).equals("data:,")) {
                assertTrue(reference.group(1).startsWith("observe/"), reference.group(1));
                // health may say 503
                assertTrue(
                        Set.of(200, 503).contains(get("/" + reference.group(1)).statusCode()), reference.group(1));
                found++;
            }
        }
        assertTrue(found >= 6, page.body());
        assertTrue(get("/observe/uplot.js").body().startsWith("/*! https://github.com/leeoniya/uPlot (v1.6.32)"));
        assertEquals(
                "text/javascript; charset=utf-8",
                get("/observe/page.js").headers().firstValue("Content-Type").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/observe",
                "/observe/page.js",
                "/observe/status",
                "/observe/health",
                "/observe/health/live",
                "/observe/metrics",
                "/q/send",
                "/q/upload/a",
                "/elsewhere"
            })
    void everythingOnThePortIsReadOnly(String path) throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
            HttpResponse<String> response = send(method, path, "Bearer " + TOKEN);
            assertEquals(405, response.statusCode(), method);
            assertEquals("GET, HEAD", response.headers().firstValue("Allow").orElseThrow());
        }
    }

    /** As a GET, without what it would send: so a balancer of load may ask. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/observe",
                "/observe/page.js",
                "/observe/status",
                "/observe/health?exposureLevel=full",
                "/observe/health/live",
                "/observe/health/ready",
                "/observe/metrics",
                "/elsewhere"
            })
    void aHeadSaysTheSameAsAGet(String path) throws Exception {
        for (String authorization : List.of("Bearer " + TOKEN, "Bearer another")) {
            HttpResponse<String> get = send("GET", path, authorization);
            HttpResponse<String> head = send("HEAD", path, authorization);
            assertEquals(get.statusCode(), head.statusCode());
            assertEquals("", head.body());
            for (String header : List.of("Content-Type", "Cache-Control", "Location", "WWW-Authenticate")) {
                assertEquals(get.headers().firstValue(header), head.headers().firstValue(header), header);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/dev",
                "/q/info",
                "/q/send/",
                "/q/upload/a",
                "/q/download/a",
                "/q/jolokia/",
                "/observe/info",
                "/observe/jolokia/",
                "/observe/uplot/LICENSE",
                "/observe/../cli/Cli.class",
                "/observe/index.html"
            })
    void nothingElseIsThere(String path) throws Exception {
        assertEquals(404, get(path).statusCode());
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "Bearer, p0rt+t0ken",
        "Bearer, ''",
        "Basic, someone:wrong",
        "Basic, 'p0rt+t0ken/=:'",
        "Digest, p0rt+t0ken/=",
    })
    void aStrangerLearnsOnlyWhetherRecordsFlow(String scheme, String credentials) throws Exception {
        String authorization = scheme + " " + (scheme.equals("Basic") ? base64(credentials) : credentials);
        for (String path : List.of("/", "/observe", "/observe/status", "/observe/metrics", "/observe/page.js", "/x")) {
            HttpResponse<String> refused = send("GET", path, authorization.strip());
            assertEquals(401, refused.statusCode(), path);
            assertTrue(refused.headers()
                    .firstValue("WWW-Authenticate")
                    .orElseThrow()
                    .startsWith("Basic realm="));
        }
        await().until(() -> collection("stripe:subscription").at("/state").asText(), "paused"::equals);
        String asked = "?exposureLevel=full&data=true";
        for (String path : List.of("/observe/health", "/observe/health/ready")) {
            HttpResponse<String> health = send("GET", path + asked, authorization.strip());
            assertEquals(503, health.statusCode());
            assertEquals("{\"status\":\"DOWN\"}", health.body().strip());
        }
        HttpResponse<String> live = send("GET", "/observe/health/live" + asked, authorization.strip());
        assertEquals("{\"status\":\"UP\"}", live.body().strip());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer p0rt+t0ken/=", "bearer  p0rt+t0ken/=", "Basic anyone", "Basic "})
    void whoShowsTheTokenSeesAll(String header) throws Exception {
        String authorization =
                header.startsWith("Basic") ? "Basic " + base64(header.substring(6) + ":" + TOKEN) : header;
        assertEquals(200, send("GET", "/observe/status", authorization).statusCode());
        assertTrue(send("GET", "/observe/metrics", authorization).body().contains("sequin_messages_total"));
        await().until(() -> send("GET", "/observe/health", authorization).body().contains("stripe:subscription"));
    }
}
