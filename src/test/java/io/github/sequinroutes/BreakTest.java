package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BreakTest {
    private static final String UPSERT = """
            insert into thing as t (id, updated_idx, name) values (:#id, :#updated_idx, :#data.name)
            on conflict (id) do update set updated_idx = excluded.updated_idx, name = excluded.name
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            """;
    private static final String WRITE = """
            - to:
                uri: kamelet:postgres-upsert-sink
                parameters:
                  upsert: thing.upsert.sql
            """;
    private static final String WRITE_OTHER = WRITE.replace("thing.upsert", "other.upsert");
    private static final String EACH = """
            - split:
                expression:
                  simple:
                    expression: ${body}
                steps:
            """;

    private static TestBundle bundle() throws Exception {
        TestBundle bundle = new TestBundle(Duration.ofSeconds(5));
        bundle.database().execute("create table thing (id text primary key, updated_idx bigint, name text)");
        Files.writeString(bundle.routes().resolve("collections/thing.upsert.sql"), UPSERT);
        return bundle;
    }

    private static TestBundle other(TestBundle bundle) throws Exception {
        bundle.database().execute("create table other (id text primary key, updated_idx bigint, name text)");
        Files.writeString(
                bundle.routes().resolve("collections/other.upsert.sql"), UPSERT.replace("into thing", "into other"));
        return bundle;
    }

    private static TestBundle route(TestBundle bundle, String steps) throws Exception {
        Files.writeString(bundle.routes().resolve("collections/thing.camel.yaml"), """
                - route:
                    id: thing
                    from:
                      uri: direct:test:thing
                      steps:
                """ + steps.indent(8));
        return bundle;
    }

    private static String thing(String id, int version, String name) {
        return TestRecord.of("test:thing", id, version, "{\"name\": \"" + name + "\"}");
    }

    private static List<String> things(TestBundle bundle) throws Exception {
        return bundle.database().rows("select id, updated_idx, name from thing order by id, name");
    }

    private static final String LINES = """
            - setBody:
                expression:
                  simple:
                    expression: "[${bodyAs(String)}, ${bodyAs(String).replace('red', 'blue')}]"
            """;

    private static TestBundle lines() throws Exception {
        TestBundle bundle = bundle();
        bundle.database().execute("alter table thing drop constraint thing_pkey, add primary key (id, name)");
        Files.writeString(bundle.routes().resolve("collections/thing.upsert.sql"), """
            insert into thing as t (id, updated_idx, name) values (:#id, :#updated_idx, :#data.name)
            on conflict (id, name) do update set updated_idx = excluded.updated_idx
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            """);
        return bundle;
    }

    /** One record becomes two rows, in one call of the sink or in two. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneRecordBecomesTwoRows(boolean together) throws Exception {
        String steps = together
                ? EACH + (LINES + WRITE).indent(6)
                : EACH + (LINES + """
                    - unmarshal:
                        json:
                          library: Jackson
                          unmarshalType: java.util.List
                    """ + EACH + WRITE.indent(6)).indent(6);
        try (TestBundle bundle = route(lines(), steps)) {
            bundle.offer(thing("a", 1, "red")).start();
            Thread.sleep(4000);
            System.out.println("BREAK two rows " + together + " left=" + bundle.consumer().left() + " " + things(bundle)
                    + " dl=" + bundle.deadLetters() + " " + bundle.health().getDetails());
            assertTrue(bundle.consumer().left() == 1 || things(bundle).size() == 2, "acked, but half is written");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parallelMulticastOfTwoSinks(boolean grouped) throws Exception {
        String steps = """
            - multicast:
                parallelProcessing: true
            """ + (grouped ? "    aggregationStrategy: \"#class:org.apache.camel.processor.aggregate.GroupedBodyAggregationStrategy\"\n" : "") + """
                steps:
            """ + (WRITE + WRITE_OTHER).indent(6);
        try (TestBundle bundle = route(other(bundle()), steps)) {
            for (int i = 0; i < 20; i++) {
                bundle.offer(thing("a" + i, 1, "a"));
            }
            bundle.start();
            Thread.sleep(6000);
            System.out.println("BREAK multicast " + grouped + " left=" + bundle.consumer().left() + " " + things(bundle).size()
                    + " other=" + bundle.database().rows("select id from other").size() + " " + bundle.health().getDetails());
            assertEquals(20, bundle.consumer().left());
        }
    }

    @Test
    void secondSinkCaught() throws Exception {
        try (TestBundle bundle = route(other(bundle()), """
                - doTry:
                    steps:
                """ + (WRITE + WRITE_OTHER).indent(6) + """
                    doCatch:
                      - exception:
                          - java.lang.Exception
                        steps:
                          - log:
                              message: caught
                """)) {
            bundle.offer(thing("a", 1, "a")).start();
            Thread.sleep(8000);
            System.out.println("BREAK second caught left=" + bundle.consumer().left() + " delivered="
                    + bundle.consumer().delivered() + " " + bundle.health().getDetails());
            if (bundle.health().getState() != org.apache.camel.health.HealthCheck.State.DOWN) org.junit.jupiter.api.Assertions.fail("healthy"); bundle.awaitUnhealthy("a second postgres-upsert-sink");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"wireTap", "to"})
    void sinkElsewhere(String how) throws Exception {
        String steps = """
            - filter:
                expression:
                  simple:
                    expression: ${body.size} == 0
                steps:
                  - to:
                      uri: kamelet:drop-sink
            """ + (how.equals("to") ? "- to:\n    uri: seda:write-it\n" : "- wireTap:\n    uri: direct:write-it\n")
                + "- delay:\n    expression:\n      constant:\n        expression: 20\n";
        try (TestBundle bundle = route(bundle(), steps)) {
            Files.writeString(bundle.routes().resolve("collections/helpers.camel.yaml"), """
                    - route:
                        id: write-it
                        from:
                          uri: %s:write-it
                          steps:
                    """.formatted(how.equals("to") ? "seda" : "direct") + WRITE.indent(8));
            bundle.database().execute("create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$");
            bundle.database().execute("create trigger slow before insert or update on thing for each row execute function slow()");
            bundle.offer(thing("a", 1, "a")).start();
            Thread.sleep(6000);
            System.out.println("BREAK elsewhere " + how + " left=" + bundle.consumer().left() + " delivered="
                    + bundle.consumer().delivered() + " " + things(bundle) + bundle.health().getDetails());
            assertTrue(bundle.consumer().delivered() < 30, "spins: " + bundle.consumer().delivered());
        }
    }

    @Test
    void aSlowStepStarvesOthers() throws Exception {
        try (TestBundle bundle = route(bundle(), "- delay:\n    expression:\n      constant:\n        expression: 6000\n" + WRITE)) {
            bundle.set("sequin.workers", "1");
            bundle.database().execute("create table other (id text primary key, updated_idx bigint, name text)");
            bundle.collection("test:other", UPSERT.replace("into thing", "into other"));
            bundle.offer(thing("a", 1, "a"), TestRecord.of("test:other", "o", 1, "{}")).start();
            long worst = 0;
            for (int i = 0; i < 4; i++) {
                Thread.sleep(i == 0 ? 0 : 1500);
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{}"));
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < 12_000_000_000L
                        && bundle.database().rows("select id from other where id = 'o" + i + "'").isEmpty()) {
                    Thread.sleep(50);
                }
                long took = (System.nanoTime() - begin) / 1_000_000;
                worst = Math.max(worst, i == 0 ? 0 : took);
                System.out.println("BREAK slow step: other " + i + " after " + took + " ms, things=" + things(bundle) + " " + bundle.health().getState() + bundle.health().getMessage());
            }
            assertTrue(worst < 2000, "others wait for " + worst + " ms");
        }
    }

    private static final String CHOICE = EACH + ("""
                - choice:
                    when:
                      - expression:
                          simple:
                            expression: ${body.value('id')} starts with 'b'
                        steps:
                """ + WRITE_OTHER.indent(10) + """
                    otherwise:
                      steps:
                """ + WRITE.indent(8)).indent(6);

    /** A check that is wrong hits every record of one branch. */
    @Test
    void oneOfTwoTablesIsWrong() throws Exception {
        try (TestBundle bundle = route(other(bundle()), CHOICE)) {
            bundle.database().execute("alter table other add check (name = upper(name))");
            List<String> records = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                records.add(thing("a" + i, 1, "x"));
                records.add(thing("b" + i, 1, "x"));
            }
            bundle.offer(records.toArray(String[]::new)).start();
            Thread.sleep(10000);
            System.out.println("BREAK wrong table left=" + bundle.consumer().left() + " dead="
                    + bundle.deadLetters().size() + " things=" + things(bundle).size() + " " + bundle.health().getDetails());
            assertTrue(bundle.deadLetters().size() < 64, bundle.deadLetters().size() + " dead letters");
        }
    }

    /** The same mistake with one table alone, to compare. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOnlyTableIsWrong(boolean each) throws Exception {
        try (TestBundle bundle = route(other(bundle()), each ? EACH + WRITE_OTHER.indent(6) : WRITE_OTHER)) {
            bundle.database().execute("alter table other add check (name = upper(name))");
            List<String> records = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                records.add(thing("b" + i, 1, "x"));
            }
            bundle.offer(records.toArray(String[]::new)).start();
            Thread.sleep(10000);
            System.out.println("BREAK only wrong table left=" + bundle.consumer().left() + " dead="
                    + bundle.deadLetters().size() + " " + bundle.health().getState());
        }
    }

    /** One branch works and resumes the collection, the table of the other is missing. */
    @Test
    void oneOfTwoTablesIsMissing() throws Exception {
        try (TestBundle bundle = route(other(bundle()), CHOICE)) {
            bundle.database().execute("alter table other rename to gone");
            bundle.start();
            for (int i = 0; i < 50; i++) {
                bundle.offer(thing("b" + i, 1, "x"));
            }
            long before = bundle.consumer().delivered();
            for (int i = 0; i < 200; i++) {
                bundle.offer(thing("a" + i, 1, "x"));
                Thread.sleep(50);
            }
            System.out.println("BREAK missing table left=" + bundle.consumer().left() + " delivered="
                    + (bundle.consumer().delivered() - before) + " things=" + things(bundle).size() + " " + bundle.health().getDetails());
            assertTrue(bundle.consumer().delivered() - before < 5000, "spins");
        }
    }

    private static SandboxConsumer source(TestBundle bundle, String steps) throws Exception {
        SandboxConsumer stock = bundle.server().consumer("stock", Duration.ofSeconds(5), 1000);
        Path file = bundle.routes().resolve("source.yaml");
        Files.writeString(file, """
                - route:
                    from:
                      uri: kamelet:sequin-source/stock
                      parameters:
                        url: %s
                        consumer: stock
                        token: RAW(%s)
                        waitFor: 1s
                      steps:
                """.formatted(bundle.server().url(), TestBundle.TOKEN) + steps.indent(8));
        PluginHelper.getRoutesLoader(bundle.standalone().context())
                .loadRoutes(ResourceHelper.resolveResource(bundle.standalone().context(), "file:" + file));
        return stock;
    }

    /** What another consumer brings is sent to the route of a bundle's collection. */
    @Test
    void aSourceSendsToACollection() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - to:
                    uri: kamelet:dead-letter-sink
                    parameters:
                      error: not now
                """)) {
            bundle.start();
            SandboxConsumer stock = source(bundle, "- to:\n    uri: direct:sequin-collection:test:thing\n");
            stock.offerAsIs(thing("a", 1, "good"));
            Thread.sleep(5000);
            System.out.println("BREAK source left=" + stock.left() + " " + things(bundle) + " dl=" + bundle.deadLetters());
            assertTrue(stock.left() > 0 || !bundle.deadLetters().isEmpty(), "acked, and written nowhere");
        }
    }

    /** docs/kamelets.md: drop-sink is for the routes of collections alone. */
    @Test
    void dropSinkAfterASource() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            SandboxConsumer stock = source(bundle, "- to:\n    uri: kamelet:drop-sink\n- throwException:\n    message: later step fails\n    exceptionType: java.lang.IllegalStateException\n");
            stock.offerAsIs(thing("a", 1, "good"));
            Thread.sleep(5000);
            System.out.println("BREAK drop in source left=" + stock.left());
            assertEquals(1, stock.left());
        }
    }

    @Test
    void jsonNodeToAStandaloneSink() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            SandboxConsumer stock = source(bundle, """
                - unmarshal:
                    json:
                      library: Jackson
                      unmarshalType: com.fasterxml.jackson.databind.JsonNode
                - to:
                    uri: kamelet:postgres-upsert-sink
                    parameters:
                      upsert: thing.upsert.sql
                      folder: "%s"
                """.formatted("file:" + bundle.routes().resolve("collections")));
            stock.offerAsIs(thing("a", 1, "good"));
            Thread.sleep(5000);
            System.out.println("BREAK jsonnode left=" + stock.left() + " " + things(bundle));
            assertTrue(stock.left() > 0 || !things(bundle).isEmpty(), "acked, and written nowhere");
        }
    }

    @Test
    void jsonNodeInACollection() throws Exception {
        try (TestBundle bundle = route(bundle(), EACH + ("""
                - unmarshal:
                    json:
                      library: Jackson
                      unmarshalType: com.fasterxml.jackson.databind.JsonNode
                """ + WRITE).indent(6))) {
            bundle.offer(thing("a", 1, "good")).start();
            Thread.sleep(5000);
            System.out.println("BREAK jsonnode collection left=" + bundle.consumer().left() + " " + things(bundle) + " " + bundle.health().getMessage());
            assertEquals(1, things(bundle).size());
        }
    }

    /** Another charset than UTF-8 is the platform's, e.g. Java 17 with LANG=C. */
    @Test
    void charset() throws Exception {
        try (TestBundle bundle = route(bundle(), EACH + ("""
            - setBody:
                expression:
                  simple:
                    expression: ${bodyAs(String).replace('secret', 'hidden')}
            """ + WRITE).indent(6))) {
            bundle.offer(thing("a", 1, "caf\u00e9 secret")).start().awaitDrained();
            System.out.println("BREAK charset " + java.nio.charset.Charset.defaultCharset() + " "
                    + bundle.database().rows("select name = E'caf\\u00e9 hidden', convert_to(name, 'UTF8') from thing"));
            assertEquals(List.of("t"), bundle.database().rows("select name = E'caf\\u00e9 hidden' from thing"));
        }
    }

    /** marshal is what comes before kafka, a file, or a queue. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void marshalAfterASource(boolean split) throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            java.util.Set<String> seen = java.util.concurrent.ConcurrentHashMap.newKeySet();
            bundle.standalone().context().getRegistry().bind("seen", (org.apache.camel.Processor)
                    exchange -> seen.add(exchange.getMessage().getBody(String.class)));
            SandboxConsumer stock = source(bundle, """
                - marshal:
                    json:
                      library: Jackson
                - process:
                    ref: seen
                """);
            stock.offerAsIs(thing("a", 1, "good"));
            Thread.sleep(4000);
            System.out.println("BREAK marshal left=" + stock.left() + " " + seen);
            assertTrue(stock.left() > 0 || seen.toString().contains("good"), "acked, and nothing of it is left");
        }
    }

    /** The key is not the ID alone, and there is no version. */
    @Test
    void rowsOfOneIdStandalone() throws Exception {
        try (TestBundle bundle = lines()) {
            Files.writeString(bundle.routes().resolve("collections/thing.upsert.sql"),
                "insert into thing as t (id, name) values (:#id, :#name) on conflict (id, name) do nothing");
            bundle.start();
            Path file = bundle.routes().resolve("rows.yaml");
            Files.writeString(file, """
                - route:
                    from:
                      uri: direct:rows
                      steps:
                        - to:
                            uri: kamelet:postgres-upsert-sink
                            parameters:
                              upsert: thing.upsert.sql
                              folder: "%s"
                """.formatted("file:" + bundle.routes().resolve("collections")));
            PluginHelper.getRoutesLoader(bundle.standalone().context())
                    .loadRoutes(ResourceHelper.resolveResource(bundle.standalone().context(), "file:" + file));
            bundle.standalone().context().createProducerTemplate().sendBody("direct:rows",
                "[{\"id\": \"order\", \"name\": \"red\"}, {\"id\": \"order\", \"name\": \"blue\"}]");
            System.out.println("BREAK rows standalone " + bundle.database().rows("select id, name from thing"));
            assertEquals(2, bundle.database().rows("select id, name from thing").size());
        }
    }
}
