package io.github.sequinroutes.sandbox.feed;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.sandbox.stream.SinkOptions;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import io.github.sequinroutes.testkit.ConsumeClient;
import io.github.sequinroutes.testkit.JavaProcess;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stand-in servers can be fed with records of one's own. */
class RecordFeedTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static HttpResponse<String> post(String url, String lines) throws Exception {
        // as curl --data-binary does: without a token, and as a form
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/records"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(lines))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    private static List<String> received(SandboxConsumer consumer) throws InterruptedException {
        return consumer.next(1000, Duration.ZERO).deliveries().stream()
                .map(SandboxConsumer.Delivery::record)
                .toList();
    }

    @Test
    void aRequestTakesWhatItCanAndNamesTheOtherLines() throws Exception {
        try (SandboxServer server = new SandboxServer(0, "token")) {
            SandboxConsumer consumer = server.consumer("c", Duration.ofSeconds(30), 1000);
            HttpResponse<String> response = post(server.url(), """
                    {"id":"a","collection_id":"acme:order","updated_idx":7,"data":{"n":1.10,"big":12345678901234567890}}

                    {"id": "b",
                    {"collection_id":"acme:order"}
                    [1]
                    {"id":"c"}
                    {"ack_token":"t","record":{"id":"d","collection_id":"acme:ü","updated_idx":1}}
                    """);
            assertEquals(400, response.statusCode());
            JsonNode result = JSON.readTree(response.body());
            assertEquals(2, result.get("accepted").intValue());
            assertEquals(
                    "the other lines were taken; mend these, and send only them again",
                    result.get("note").textValue());
            assertEquals(
                    List.of(3, 4, 5, 6),
                    result.get("refused").findValues("line").stream()
                            .map(JsonNode::intValue)
                            .toList());
            List<String> errors = result.get("refused").findValuesAsText("error");
            assertTrue(
                    errors.get(0).matches("it is not JSON at column \\d+: .*; each record is on one line"),
                    errors + "");
            assertEquals("it has no id, the ID of the record; its fields are collection_id", errors.get(1));
            assertEquals("it is no JSON object, but ARRAY", errors.get(2));
            assertEquals("it has no collection_id, such as stripe:customer; its fields are id", errors.get(3));
            assertEquals(
                    List.of(
                            "{\"id\":\"a\",\"collection_id\":\"acme:order\",\"updated_idx\":7,\"data\":{\"n\":1.10,"
                                    + "\"big\":12345678901234567890}}",
                            "{\"id\":\"d\",\"collection_id\":\"acme:ü\",\"updated_idx\":1}"),
                    received(consumer));

            assertEquals(
                    "it has more than one record, the second at column 38; write each on a line of its own, and send them with"
                            + " curl --data-binary: its -d takes out the line breaks",
                    JSON.readTree(post(server.url(), "{\"id\":\"a\",\"collection_id\":\"x:joined\"}{\"id\":\"b\"}")
                                    .body())
                            .findValue("error")
                            .textValue());
            String noVersion = "{\"id\":\"a\",\"collection_id\":\"x\"}\n";
            assertEquals(200, post(server.url(), noVersion + noVersion).statusCode());
            List<Long> versions = received(consumer).stream()
                    .map(record -> Long.parseLong(record.replaceAll(".*\"updated_idx\":(\\d+).*", "$1")))
                    .toList();
            assertTrue(versions.get(0) < versions.get(1), versions.toString());
        }
    }

    @Test
    void theStreamApiTakesChanges() throws Exception {
        try (StreamServer server = new StreamServer(0, "token")) {
            var sink = server.sink("s", SinkOptions.defaults());
            String metadata = "\"metadata\":{\"table_schema\":\"public\",\"table_name\":\"orders\"}";
            List<String> offered = new CopyOnWriteArrayList<>();
            sink.observeOffers(messages -> messages.forEach(
                    message -> offered.add(message.collection() + " " + message.key() + " " + message.action())));
            HttpResponse<String> response = post(
                    server.url(),
                    "{\"record\":{\"id\":1}," + metadata + "}\n"
                            + "{\"ack_id\":\"x\",\"data\":{\"record\":{\"id\":2},\"action\":\"delete\"," + metadata
                            + "}}\n{\"record\":{\"id\":3}}\n{\"record\":{\"id\":4},\"action\":\"drop\"," + metadata
                            + "}\n{\"record\":{\"x\":4}," + metadata + "}\n{}\n");
            assertEquals(List.of("public.orders [1] insert", "public.orders [2] delete"), offered);
            assertEquals(
                    List.of(
                            "3 its metadata has no table_schema",
                            "4 its action is 'drop', and must be insert, update, delete or read",
                            "5 its metadata has no record_pks, and its record has no id"),
                    Stream.of(JSON.readTree(response.body()).get("refused"))
                            .flatMap(refused -> Stream.of(refused.get(0), refused.get(1), refused.get(2)))
                            .map(each ->
                                    each.get("line") + " " + each.get("error").textValue())
                            .toList());
        }
    }

    /** An author tries a new collection with records of their own, and mends one of them. */
    @Test
    void whatIsAppendedToAFileIsWrittenWithinASecond() throws Exception {
        try (TestBundle bundle = new TestBundle();
                TemporaryFolder folder = new TemporaryFolder("records")) {
            bundle.database().execute("create table orders (id text primary key, v bigint, total numeric)");
            bundle.collection("acme:order", """
                    insert into orders as t (id, v, total) values (:#id, :#updated_idx, :#data.total)
                    on conflict (id) do update set v = excluded.v, total = excluded.total where t.v <= excluded.v""");
            Path file = folder.path().resolve("records.jsonl");
            List<String> said = new CopyOnWriteArrayList<>();
            String line = "{\"id\":\"%s\",\"collection_id\":\"acme:order\",\"updated_idx\":%d,\"data\":{\"total\":%s}}";
            try (RecordsFile records = new RecordsFile(file, bundle.server().feed(), said::add)) {
                records.follow();
                assertEquals(List.of(file + " is not there yet; it is waited for"), said);
                bundle.start();

                Files.writeString(file, line.formatted("a", 1, 1) + "\n{\"id\":\n" + line.formatted("b", 1, 2));
                await().atMost(Duration.ofSeconds(30)).until(() -> bundle.database()
                        .rows("select id, v, total from orders order by id")
                        .equals(List.of("a|1|1", "b|1|2")));
                assertEquals(2, bundle.consumer().delivered());
                assertTrue(
                        said.stream().anyMatch(each -> each.startsWith(file + ":2: it is not JSON at column")),
                        said.toString());

                long offeredBefore =
                        said.stream().filter(each -> each.endsWith("offered")).count();
                assertEquals(2, offeredBefore);
                Files.writeString(file, "\n" + line.formatted("b", 2, 3) + "\n", StandardOpenOption.APPEND);
                await().until(() -> said.contains(file + ":4: offered"));
                await().until(() -> bundle.database()
                        .value("select v, total from orders where id = 'b'")
                        .equals("2|3"));

                // an editor writes the whole file anew: only the line that has changed is new
                Path saved = folder.path().resolve("saved");
                Files.writeString(
                        saved, Files.readString(file).replace("{\"id\":\n", line.formatted("c", 1, 9) + "\n"));
                Files.move(saved, file, StandardCopyOption.REPLACE_EXISTING);
                await().until(() -> said.contains(file + ":2: offered"));
                bundle.awaitDrained();
                assertEquals(
                        List.of("a|1|1", "b|2|3", "c|1|9"),
                        bundle.database().rows("select id, v, total from orders order by id"));
                assertEquals(4, bundle.consumer().delivered());
            }
        }
    }

    /** As docs/sandbox.md says: the stand-in alone, with a file and requests. */
    @Test
    void theSandboxServerTakesAFileAndRequests() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder("sandbox")) {
            Path file = folder.path().resolve("records.jsonl");
            Files.writeString(file, "{\"id\":\"a\",\"collection_id\":\"acme:order\"}\nnonsense\n");
            Path log = folder.path().resolve("log.txt");
            String classPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                    .map(entry -> Path.of(entry).toAbsolutePath().toString())
                    .collect(Collectors.joining(File.pathSeparator));
            try (JavaProcess process = new JavaProcess(
                    Path.of("").toAbsolutePath(),
                    log,
                    List.of(
                            "-XX:TieredStopAtLevel=1",
                            "-Dsandbox.server",
                            "-Dsandbox.consumers=old,new",
                            "-Dsandbox.records-file=" + file,
                            "-cp",
                            classPath,
                            "io.github.sequinroutes.sandbox.Sandbox"))) {
                await().until(() -> process.output().contains(":2: it is not JSON"));
                assertTrue(process.output().startsWith("Starting ..."), process.output());
                Matcher url = Pattern.compile("Sequin stand-in: (\\S+), consumer (\\S+), token (\\S+)")
                        .matcher(process.output());
                assertTrue(url.find(), process.output());
                assertTrue(
                        url.group(1).endsWith(":7376") != process.output().contains("Port 7376 is taken"),
                        process.output());
                assertTrue(process.output().contains("A record without updated_idx gets a version"), process.output());
                assertEquals(
                        200,
                        post(url.group(1), "{\"id\":\"b\",\"collection_id\":\"acme:order\"}")
                                .statusCode());
                Files.writeString(file, "{\"id\":\"c\",\"collection_id\":\"acme:order\"}\n", StandardOpenOption.APPEND);
                await().until(() -> process.output().contains(":3: offered"));
                ConsumeClient client = new ConsumeClient(url.group(1), url.group(3));
                JsonNode messages = JSON.readTree(client.post(url.group(2) + "/next", "{\"batch_size\": 10}")
                        .body());
                assertEquals(List.of("a", "b", "c"), messages.get("data").findValuesAsText("id"));
                assertEquals("old", url.group(2));
                assertTrue(
                        client.post("new/next", "{\"batch_size\": 10}").body().contains("\"id\":\"c\""),
                        process.output());
            }
        }
    }
}
