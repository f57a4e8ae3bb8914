package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code check --sample} and {@code --peek}: templates are tried with records, and nothing is written. */
@Tag("postgres")
class CheckSampleTest {
    private static final String TABLE = """
            create table orders (id text primary key, updated_idx bigint, total numeric not null, quantity int,
              placed_at timestamptz)""";

    private static final String UPSERT = """
            insert into orders as t (id, updated_idx, total, quantity, placed_at)
            values (:#id, :#updated_idx, :#data.total, :#data.quantity, :#data.placed.at)
            on conflict (id) do update set updated_idx = excluded.updated_idx, total = excluded.total,
              quantity = excluded.quantity, placed_at = excluded.placed_at
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            -- sequin: allow unused-deletes
            """;

    private static final String GOOD = """
            {"id": "a", "collection_id": "acme:order", "updated_idx": 1,
             "data": {"total": "1.5", "quantity": 1, "placed": {"at": "2026-01-01T00:00:00Z"}}}
            """;

    private static TestBundle bundle(String upsert) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute(TABLE);
        return bundle.collection("acme:order", upsert);
    }

    private static CheckRun check(TestBundle bundle, String sample, String... options) throws Exception {
        Path file = bundle.routes().resolve("sample.jsonl");
        Files.writeString(file, sample);
        String[] all = new String[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = "--sample=" + file;
        CheckRun run = CheckRun.of(bundle, all);
        assertEquals("0", bundle.database().value("select count(*) from orders"));
        return run;
    }

    @Tag("long")
    @Test
    void recordsThatFit() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            String one = GOOD.replaceAll("\\s*\n\\s*", " ");
            String message = "{\"ack_token\": \"t\", \"record\": " + one + "}";
            for (String sample : List.of(
                    GOOD,
                    one + "\n\n" + one + "\n",
                    message + "\n" + message,
                    "[" + message + ", " + one + "]",
                    "{\"data\": [" + message + ", " + message + "], \"info\": {\"num_pending\": 2}}",
                    TestRecord.of("stripe:customer", "c", 1, "{\"email\": \"a@b.c\", \"name\": null}"))) {
                CheckRun run = check(bundle, sample);
                assertEquals(0, run.status(), run.toString());
                assertEquals(
                        "4 of 4 templates can be used.",
                        run.lines().get(run.lines().size() - 1));
            }
            assertEquals(new CheckRun(0, List.of("4 of 4 templates can be used.")), check(bundle, GOOD, "--strict"));
        }
    }

    @Test
    void everythingThatDoesNotFit() throws Exception {
        try (TestBundle bundle =
                bundle(UPSERT.replace("data.total", "data.totl").replace("placed.at", "at"))) {
            String sample = GOOD.replaceAll("\\s*\n\\s*", " ") + "\n" + """
                    {"ack_token": "x", "record": {"id": "b", "collection_id": "acme:order", "updated_idx": 2, "data": {"total": 2, "quantity": "many"}}}
                    {"id": "c", "collection_id": "acme:order", "updated_idx": 2, "data": {"total": 2, "quantity": "few"}}
                    {"id": "d", "collection_id": "acme:order", "data": {"total": 2}}
                    {"id": "e", "collection_id": "acme:invoice", "updated_idx": 2, "data": {}}
                    {"id": "f", "updated_idx": 2, "data": {}}
                    {"id": "g"
                    {"id": "h", "collection_id": "acme:other", "updated_idx": 2, "data": {}}
                    """;
            CheckRun run = check(bundle, sample);
            String becomes = "; change the template or the column, or it will be a dead letter";
            String noRoute =
                    " has no route, and its records become dead letters (in the sample 1); write one, or name it in"
                            + " sequin.ignore";
            List<String> expected = List.of(
                    "acme-order.upsert.sql:2:30: Warning: no record of acme:order in the sample has :#data.totl; did you"
                            + " mean :#data.total?",
                    "acme-order.upsert.sql:2:30: record a of acme:order does not fit, at :#data.totl for column total: null"
                            + " value in column \"total\" of relation \"orders\" violates not-null constraint (SQLSTATE"
                            + " 23502)" + becomes,
                    "acme-order.upsert.sql:2:43: record b of acme:order does not fit, at :#data.quantity for column"
                            + " quantity: invalid input syntax for type integer: \"many\" (SQLSTATE 22P02)" + becomes
                            + "; and so for 1 more",
                    "acme-order.upsert.sql:2:60: Warning: no record of acme:order in the sample has :#data.at; did you mean"
                            + " :#data.placed.at?",
                    "sample.jsonl:4:1: record d of acme:order has no updated_idx, and acme-order.upsert.sql needs a"
                            + " version; give it one, or it will be a dead letter",
                    "sample.jsonl:5:1: collection acme:invoice" + noRoute,
                    "sample.jsonl:6:1: the record has no collection_id; write it as the API sends it, or a record with id"
                            + " and collection_id",
                    "sample.jsonl:7:1: is not JSON: what begins here has no end; write one message on each line",
                    "sample.jsonl:8:1: collection acme:other" + noRoute);
            assertEquals(String.join("\n", expected), String.join("\n", run.lines()));
            assertEquals(2, run.status());
            bundle.set("sequin.ignore", "acme:x");
            String line = "\n{\"a\" oops}\n"; // as plan says it
            assertEquals(
                    new CheckRun(
                            2,
                            List.of(
                                    "sample.jsonl:2:6: is not JSON: Unexpected character ('o' (code 111)): was expecting a colon"
                                            + " to separate field name and value; write one message on each line")),
                    check(bundle, "{\"id\": \"e\", \"collection_id\": \"acme:x\", \"updated_idx\": 1}" + line));
        }
    }

    /** PostgreSQL does not say which value is too long, or which fails a constraint: it is tried, as plan does. */
    @Test
    void aValueThatPostgreSqlDoesNotName() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            bundle.database()
                    .execute(
                            "alter table orders alter quantity type varchar(2), alter total drop not null, add check (total < 9)");
            String big = GOOD.replace("1.5", "99");
            CheckRun run = check(bundle, GOOD + GOOD.replace("\"quantity\": 1", "\"quantity\": 123") + big + big);
            String becomes = "; change the template or the column, or it will be a dead letter";
            assertEquals(
                    List.of(
                            "acme-order.upsert.sql:2:30: record a of acme:order does not fit, at :#data.total for column total:"
                                    + " new row for relation \"orders\" violates check constraint \"orders_total_check\""
                                    + " (SQLSTATE 23514)" + becomes + "; and so for 1 more",
                            "acme-order.upsert.sql:2:44: record a of acme:order does not fit, at :#data.quantity for column"
                                    + " quantity: value too long for type character varying(2) (SQLSTATE 22001)"
                                    + becomes,
                            "3 of 4 templates can be used."),
                    run.lines());
        }
    }

    @Test
    void aMisspeltCollectionIsToldWhereItStands() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            String yaml = "acme-order.camel.yaml";
            Path file = bundle.routes().resolve("collections").resolve(yaml);
            Files.writeString(file, Files.readString(file).replace("acme:order", "acme:ordr"));
            List<String> lines =
                    check(bundle, GOOD + GOOD.replace("\"a\"", "\"b\"")).lines();
            assertEquals(2, lines.size(), lines.toString());
            assertTrue(lines.get(0).startsWith(yaml + ":"), lines.get(0));
            assertTrue(
                    lines.get(0)
                            .endsWith(
                                    "no record of the sample is of acme:ordr, and collection acme:order has no route, and"
                                            + " its records become dead letters (in the sample 2); did you mean acme:order?"),
                    lines.get(0));
            bundle.set("sequin.ignore", "acme:order");
            assertEquals(0, check(bundle, GOOD).status());
            // one that has a route is written, and said to be wrong
            bundle.set("sequin.ignore", "acme:ordr");
            List<String> both = check(bundle, GOOD).lines();
            assertTrue(
                    both.stream()
                            .anyMatch(line -> line.startsWith(yaml + ":")
                                    && line.contains(": this route is for acme:ordr, which sequin.ignore names")),
                    both.toString());
            try (LogWatch log = new LogWatch(yaml)) {
                bundle.start();
                assertEquals(1, log.lines("which sequin.ignore names").size());
            }
        }
    }

    /** One that writes records as they come is tried; what the steps of another make of them is not known here. */
    @Test
    void ordinaryRoutes() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            String sink = """
                    - to:
                        uri: kamelet:postgres-upsert-sink
                        parameters:
                          upsert: acme-order.upsert.sql
                    """;
            String route = """
                    - route:
                        id: acme-order
                        from:
                          uri: direct:acme:order
                          steps:
                    """;
            Path file = bundle.routes().resolve("collections/acme-order.camel.yaml");
            Files.writeString(file, route + sink.indent(8));
            String dear = GOOD.replace("\"1.5\"", "\"dear\"");
            CheckRun tried = check(bundle, dear);
            assertEquals(1, tried.status(), tried.toString());
            assertTrue(
                    tried.lines()
                            .get(0)
                            .startsWith(
                                    "acme-order.upsert.sql:2:30: record a of acme:order does not fit, at :#data.total for column total: "),
                    tried.toString());
            Files.writeString(file, route + "        - log: ${body}\n" + sink.indent(8));
            assertEquals(
                    new CheckRun(
                            0,
                            List.of(
                                    "acme-order.camel.yaml:1:3: Warning: the records of acme:order are not tried, because the"
                                            + " route has steps of its own; plan --sample runs them",
                                    "4 of 4 templates can be used.")),
                    check(bundle, dear));
        }
    }

    @Test
    void whatIsThereIsReceivedAndGivenBack() throws Exception {
        try (TestBundle bundle = bundle(UPSERT.replace("data.quantity", "data.quantiy"))) {
            bundle.offer(GOOD, GOOD.replace("\"a\"", "\"b\"").replace("\"1.5\"", "\"dear\""));
            assertEquals(
                    new CheckRun(
                            1,
                            List.of(
                                    "acme-order.upsert.sql:2:30: record b of acme:order does not fit, at :#data.total for"
                                            + " column total: invalid input syntax for type numeric: \"dear\" (SQLSTATE"
                                            + " 22P02); change the template or the column, or it will be a dead letter",
                                    "acme-order.upsert.sql:2:44: Warning: no record of acme:order in the sample has"
                                            + " :#data.quantiy; did you mean :#data.quantity?",
                                    "3 of 4 templates can be used.")),
                    CheckRun.of(bundle, "--peek"));
            assertEquals(2, bundle.consumer().left());
            assertEquals(0, bundle.consumer().ackPending());
            assertEquals("0", bundle.database().value("select count(*) from orders"));
        }
    }

    @Test
    void aServerThatCannotBeAskedIsSaid() throws Exception {
        try (TestBundle bundle = bundle(UPSERT);
                LogWatch log = new LogWatch("camelContext=" + bundle.routes().getFileName())) {
            bundle.set("sequin.token", "an0ther");
            CheckRun run = CheckRun.of(bundle, "--peek");
            assertEquals(List.of(), log.lines("WARN")); // of meters that nobody asks for
            assertEquals(1, run.status());
            assertTrue(run.lines().get(0).startsWith("consumer test:1:1: cannot be asked: "), run.toString());
            assertTrue(run.lines().get(0).contains("401"), run.toString());
        }
    }

    /** A check of files goes well without a server, and names the key that is likely wrong. */
    @Test
    void aConsumerThatCannotBeAskedIsAWarning() throws Exception {
        try (TestBundle bundle = bundle(UPSERT);
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = bundle.properties().getProperty("sequin.url");
            String token = bundle.properties().getProperty("sequin.token");
            bundle.set("sequin.token", "an0ther");
            assertEquals(
                    "sequin.token: consumer test cannot be asked, so nothing is known of it: Sequin answered 401: the"
                            + " token is missing or unknown; set sequin.token, or the file that sequin.token-file names",
                    unasked(bundle));
            bundle.set("sequin.token", token).set("sequin.consumer", "nobody");
            assertTrue(unasked(bundle).startsWith("sequin.consumer: consumer nobody cannot be asked"), unasked(bundle));
            bundle.set("sequin.consumer", "test").set("sequin.url", "http://localhost:1");
            assertTrue(
                    unasked(bundle).matches("sequin.url: consumer test cannot be asked.*refused.*"), unasked(bundle));
            bundle.set("sequin.url", "http://127.0.0.1:" + silent.getLocalPort());
            assertTrue(unasked(bundle).matches("sequin.url: .*Sequin has not answered in time.*"), unasked(bundle));
            bundle.set("sequin.url", url);
            assertEquals(new CheckRun(0, List.of("4 of 4 templates can be used.")), CheckRun.of(bundle, "--strict"));
        }
    }

    /** The one warning of a check, behind the place of its key. */
    private static String unasked(TestBundle bundle) throws Exception {
        CheckRun run = CheckRun.of(bundle);
        assertEquals(0, run.status(), run.toString());
        assertEquals(2, run.lines().size(), run.toString());
        assertTrue(run.lines().get(0).matches("Warning: application.properties:\\d+:1: .*"), run.toString());
        assertEquals(new CheckRun(1, run.lines()), CheckRun.of(bundle, "--strict"));
        return run.lines().get(0).replaceFirst("Warning: application.properties:\\d+:1: ", "");
    }

    @Test
    void aConsumerThatDoesNotFitIsAWarning() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            bundle.server().consumer("small", Duration.ofSeconds(10), 100);
            bundle.set("sequin.consumer", "small");
            List<String> lines = List.of(
                    "Warning: consumer small: max_ack_pending is 100, and sequin.workers times sequin.batch-size is 2000,"
                            + " so workers wait for each other; raise it, or lower one of these",
                    "Warning: consumer small: ack_wait_ms is 10000, and sequin.ack-wait 30000 ms, so the server hands a"
                            + " message to another worker while this one writes it; set sequin.ack-wait=10000ms",
                    "4 of 4 templates can be used.");
            assertEquals(new CheckRun(0, lines), CheckRun.of(bundle));
            List<String> peeked = new ArrayList<>(lines);
            peeked.add(2, "consumer small has no message now, or others have all there is: no record of it was tried.");
            assertEquals(new CheckRun(0, peeked), CheckRun.of(bundle, "--peek"));
            assertEquals(new CheckRun(1, lines), CheckRun.of(bundle, "--strict"));
            bundle.set("sequin.ack-wait", "10s").set("sequin.batch-size", "50");
            assertEquals(new CheckRun(0, lines.subList(2, 3)), CheckRun.of(bundle, "--strict"));
        }
    }

    @Test
    void filesAreCheckedWithoutADatabase() throws Exception {
        try (TestBundle bundle = bundle(UPSERT)) {
            Path file = bundle.routes().resolve("collections/acme-order.camel.yaml");
            Files.writeString(file, Files.readString(file).replace("routeTemplateRef", "routeTemplateRf"));
            bundle.set("postgres.url", "jdbc:postgresql://localhost:1/x");
            CheckRun run = CheckRun.of(bundle);
            assertEquals(
                    "acme-order.camel.yaml:2:5: routeTemplateRf is nothing that a templatedRoute can have; did you mean routeTemplateRef?",
                    run.lines().get(0));
            assertTrue(
                    run.lines()
                            .get(2)
                            .matches(
                                    "application.properties:\\d+:1: postgres.url: Connection to localhost:1 refused.*"),
                    run.toString());
            assertEquals(
                    "No template was tried, and no consumer asked, because of this:",
                    run.lines().get(1));
            assertEquals(2, run.status());
        }
    }

    @Test
    void aKeyThatNobodyReadsIsWrong() throws Exception {
        try (TestBundle bundle = bundle(UPSERT.replace("placed_at)", "placd_at)"))) {
            bundle.set("squin.workers", "4").set("workers", "4").set("sequin.tokn", "x");
            CheckRun all = CheckRun.of(bundle);
            assertTrue(
                    all.lines()
                            .get(0)
                            .matches(
                                    "application.properties:\\d+:1: sequin.tokn is no key; did you mean sequin.token\\?"),
                    all.toString());
            CheckRun run = new CheckRun(
                    all.status(), all.lines().subList(1, all.lines().size()));
            assertEquals(2, run.status());
            assertTrue(run.lines().get(2).contains("placd_at"), run.toString());
            assertTrue(
                    run.lines()
                            .get(0)
                            .matches(
                                    "application.properties:\\d+:1: squin.workers is not used; did you mean sequin.workers\\?"),
                    run.toString());
            assertTrue(
                    run.lines()
                            .get(1)
                            .matches(
                                    "Warning: application.properties:\\d+:1: workers is not used; did you mean sequin.workers\\?"),
                    run.toString());
        }
    }
}
