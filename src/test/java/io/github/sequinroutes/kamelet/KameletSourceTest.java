package io.github.sequinroutes.kamelet;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Processor;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** The source that feeds any route: what that completes is acked, and what fails is given back. */
class KameletSourceTest {
    private static final String TOKEN = "kamelet-token";
    private static final Duration LEASE = Duration.ofSeconds(30);

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final TemporaryFolder folder = new TemporaryFolder("source");
    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final SandboxConsumer consumer = server.consumer("stock", LEASE, 10_000);

    KameletSourceTest() throws Exception {}

    @AfterEach
    void close() throws Exception {
        context.stop();
        server.close();
        folder.close();
    }

    private void start(String steps) throws Exception {
        startAll("""
                - route:
                    from:
                      uri: kamelet:sequin-source/stock
                      parameters:
                        url: %s
                        consumer: stock
                        token: %s
                        waitFor: 1s
                      steps:
                """.formatted(server.url(), TOKEN) + steps.indent(8));
    }

    private void startAll(String routes) throws Exception {
        context.getCamelContextExtension().setName(folder.path().getFileName().toString());
        Path file = folder.path().resolve("routes.camel.yaml");
        Files.writeString(file, routes);
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveResource(context, "file:" + file));
        context.start();
    }

    private void offer(String id) {
        consumer.offerAsIs(TestRecord.of("test:stock", id, 1, "{}"));
    }

    private void awaitDrained() {
        await().until(() -> consumer.left() == 0);
    }

    @Test
    void whatARouteCompletesIsAcked() throws Exception {
        Set<String> bodies = ConcurrentHashMap.newKeySet();
        context.getRegistry().bind("seen", (Processor)
                exchange -> bodies.add(exchange.getMessage().getBody(String.class)));
        start("""
                - process:
                    ref: seen
                """);
        offer("a");
        offer("b");
        awaitDrained();
        assertEquals(2, bodies.size());
        assertTrue(
                bodies.stream().allMatch(body -> body.startsWith("{") && body.contains("\"id\": \"")),
                bodies.toString());
    }

    /** It comes again, the others are not held back, and the server is not asked again and again. */
    @Test
    void whatFailsComesAgainLater() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        context.getRegistry().bind("picky", (Processor) exchange -> {
            if (exchange.getMessage().getBody(String.class).contains("\"id\": \"bad\"")
                    && attempts.incrementAndGet() < 4) {
                throw new IllegalStateException("not now");
            }
        });
        start("""
                - process:
                    ref: picky
                """);
        offer("bad");
        for (int i = 0; i < 20; i++) {
            offer("good-" + i);
        }
        awaitDrained();
        assertEquals(4, attempts.get());
    }

    @Test
    void whatFailsForLongDoesNotSpin() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        AtomicLong first = new AtomicLong();
        context.getRegistry().bind("picky", (Processor) exchange -> {
            attempts.incrementAndGet();
            first.compareAndSet(0, System.nanoTime());
            if (System.nanoTime() - first.get() < Duration.ofMillis(1500).toNanos()) {
                throw new IllegalStateException("not yet");
            }
        });
        start("""
                - process:
                    ref: picky
                """);
        offer("bad");
        awaitDrained();
        assertTrue(attempts.get() < 15, attempts.toString());
    }

    /** The usual way to be done with a record: the others of its batch go on. */
    @Test
    void whatARouteStopsAtIsCompleted() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        context.getRegistry().bind("seen", (Processor)
                exchange -> seen.add(exchange.getMessage().getBody(String.class)));
        start("""
                - filter:
                    expression:
                      simple:
                        expression: ${body.value('id')} == 'a'
                    steps:
                      - stop: {}
                - process:
                    ref: seen
                """);
        offer("a");
        offer("b");
        offer("c");
        awaitDrained();
        assertEquals(2, seen.size());
    }

    @Test
    void itEndsWithItsRoute() throws Exception {
        start("""
                - log:
                    message: seen
                """);
        offer("a");
        awaitDrained();
        assertFalse(threads().isEmpty());
        context.stop();
        await().untilAsserted(() -> assertEquals(List.of(), threads()));
    }

    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(context.getName() + "-stock-quartz"))
                .collect(Collectors.toList());
    }

    @Test
    void aMistakeIsSaid() throws Exception {
        Exception failure = assertThrows(Exception.class, () -> startAll("""
                - route:
                    from:
                      uri: kamelet:sequin-source/stock
                      parameters:
                        url: localhost
                        consumer: stock
                        batchSize: 5000
                      steps:
                        - log:
                            message: never
                """));
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        assertEquals(
                "sequin-source/stock cannot be used: batchSize must be a whole number from 1 to 1000, not '5000'; "
                        + "url must be a base URL such as http://localhost:7376, without user or query",
                cause.getMessage());
    }

    /** The example of docs/kamelets.md, with a record that is rejected. */
    @Test
    void fromTheSourceToTheSink() throws Exception {
        Matcher example = Pattern.compile("(?s)`stock.camel.yaml`.*?\\n((?: {4}[^\\n]*\\n)+)")
                .matcher(Files.readString(Path.of("docs/kamelets.md")));
        assertTrue(example.find());
        TestDatabase database = new TestDatabase();
        try {
            database.execute("create table stock (id text primary key check (id <> 'bad'), updated_idx bigint)");
            Path upsert = folder.path().resolve("stock.upsert.sql");
            Files.writeString(upsert, """
                    insert into stock as t (id, updated_idx) values (:#id, :#updated_idx)
                    on conflict (id) do update set updated_idx = excluded.updated_idx where t.updated_idx <= excluded.updated_idx
                    """);
            PGSimpleDataSource warehouse = new PGSimpleDataSource();
            warehouse.setUrl(database.url());
            context.getRegistry().bind("warehouse", warehouse);
            startAll(example.group(1)
                    .stripTrailing()
                    .stripIndent()
                    .replace("http://localhost:7376", server.url())
                    .replace("stock.upsert.sql", upsert.toString())
                    .replace("split: false", "split: false\n        token: " + TOKEN));
            offer("a");
            offer("bad");
            offer("b");
            awaitDrained();
            assertEquals(List.of("a", "b"), database.rows("select id from stock order by id"));
            assertEquals(
                    List.of("kamelet|test:stock|bad|rejected|23514"),
                    database.rows("select consumer, collection, record_id, reason, sqlstate from sequin.dead_letters"));
        } finally {
            context.stop();
            database.drop();
        }
    }

    /** A record is acked when both have it, though one was first. */
    @Test
    void toTwoDataSources() throws Exception {
        TestDatabase one = new TestDatabase();
        TestDatabase two = new TestDatabase();
        try {
            String table = "create table %s (id text primary key, updated_idx bigint)";
            one.execute(table.formatted("stock"));
            two.execute(table.formatted("gone"));
            Path upsert = folder.path().resolve("stock.upsert.sql");
            Files.writeString(upsert, "insert into stock (id) values (:#id) on conflict (id) do nothing");
            String write = """
                    - to:
                        uri: kamelet:postgres-upsert-sink
                        parameters:
                          upsert: %s
                          dataSource: %s
                    """;
            for (TestDatabase database : List.of(one, two)) {
                PGSimpleDataSource dataSource = new PGSimpleDataSource();
                dataSource.setUrl(database.url());
                context.getRegistry().bind(database == one ? "one" : "two", dataSource);
            }
            startAll("""
                    - route:
                        from:
                          uri: kamelet:sequin-source/stock
                          parameters:
                            url: %s
                            consumer: stock
                            token: %s
                            waitFor: 1s
                            split: false
                          steps:
                    """.formatted(server.url(), TOKEN)
                    + (write.formatted(upsert, "one") + write.formatted(upsert, "two")).indent(8));
            offer("a");
            await().until(() -> one.value("select count(*) from stock").equals("1"));
            assertEquals(1, consumer.left());
            two.execute("alter table gone rename to stock");
            awaitDrained();
            assertEquals("1", two.value("select count(*) from stock"));
        } finally {
            context.stop();
            one.drop();
            two.drop();
        }
    }
}
