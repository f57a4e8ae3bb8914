package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two consumers and two databases in one process of its own. */
class SeveralBundlesTest {
    private static final String TOKEN = "token";
    private static final String CUSTOMERS = "select string_agg(id, ',' order by id) from stripe.customers";

    private final Properties properties = new Properties();
    private SandboxServer server;
    private TemporaryFolder folder;
    private TestDatabase east;
    private TestDatabase west;
    private SandboxConsumer first;
    private SandboxConsumer second;

    @BeforeEach
    void prepare() throws Exception {
        server = new SandboxServer(0, TOKEN);
        folder = new TemporaryFolder("several");
        east = new TestDatabase();
        west = new TestDatabase();
        first = server.consumer("first", Duration.ofSeconds(30), 10_000);
        second = server.consumer("second", Duration.ofSeconds(30), 10_000);
        properties.setProperty("sequin.bundles", "east, west");
        properties.setProperty("sequin.url", server.url());
        properties.setProperty("sequin.token", TOKEN);
        properties.setProperty("sequin.wait-for", "1s");
        properties.setProperty("sequin.routes", folder.copyRoutes("").toString());
        properties.setProperty("sequin.east.consumer", "first");
        properties.setProperty("sequin.west.consumer", "second");
        properties.setProperty("postgres.east.url", east.url());
        properties.setProperty("postgres.west.url", west.url());
        properties.setProperty("camel.management.enabled", "false");
        properties.setProperty("camel.main.name", folder.path().getFileName().toString());
    }

    @AfterEach
    void clean() throws Exception {
        server.close();
        folder.close();
        east.drop();
        west.drop();
    }

    private static String written(String bundle) {
        return "sequin_messages_total{bundle=\"%s\",collection=\"stripe:customer\",outcome=\"written\"}"
                .formatted(bundle);
    }

    private static String customer(String id) {
        return TestRecord.of("stripe:customer", id, 1, "{}");
    }

    private Standalone start() throws Exception {
        return new Standalone(new Settings(properties, variable -> null), Mode.RUN).start();
    }

    private record Result(int status, String output) {}

    private Result command(String... arguments) throws Exception {
        Path config = folder.path().resolve("application.properties");
        try (var out = Files.newOutputStream(config)) {
            properties.store(out, null);
        }
        StringWriter output = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", config.toString()));
        int status = Cli.commandLine()
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(output))
                .execute(all.toArray(String[]::new));
        return new Result(status, output.toString());
    }

    private static String get(int port, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/observe/" + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Tag("long")
    @Test
    void eachRecordGoesToTheDatabaseOfItsConsumer() throws Exception {
        int port = io.github.sequinroutes.testkit.Ports.free();
        properties.setProperty("camel.management.enabled", "true");
        properties.setProperty("camel.management.port", Integer.toString(port));
        first.offerAsIs(customer("a"));
        second.offerAsIs(customer("b"));
        second.offerAsIs(customer("c"));
        try (LogWatch log = new LogWatch("Bundle west: ");
                Standalone process = start()) {
            await().until(() -> first.left() + second.left() == 0);
            await().until(() ->
                    !log.lines("Records of stripe:customer are written").isEmpty());
            assertEquals("a", east.value(CUSTOMERS));
            assertEquals("b,c", west.value(CUSTOMERS));
            await().until(() -> get(port, "health/ready").contains("UP"));
            String health = get(port, "health?exposureLevel=full");
            assertTrue(health.contains("\"records-east\"") && health.contains("\"records-west\""), health);
            String metrics = get(port, "metrics");
            assertTrue(
                    metrics.contains(written("east") + " 1.0") && metrics.contains(written("west") + " 2.0"), metrics);
            west.execute("drop table stripe.customers");
            second.offerAsIs(customer("d"));
            await().until(() -> get(port, "health").contains("\"records-west\""));
            String problem = get(port, "health");
            assertTrue(problem.contains("stripe:customer"), problem);
            assertTrue(!problem.contains("\"records-east\""), problem);
            assertTrue(process.stopFetching());
        }
    }

    @Tag("long")
    @Test
    void aDataSourceOfTheRoutesIsFoundByItsName() throws Exception {
        properties.remove("postgres.west.url");
        properties.setProperty("sequin.west.data-source", "western");
        properties.setProperty("camel.beans.western", "#class:org.postgresql.ds.PGSimpleDataSource");
        properties.setProperty("camel.beans.western.url", west.url());
        second.offerAsIs(customer("b"));
        try (Standalone process = start()) {
            assertEquals(2, process.bundles().size());
            await().until(() -> second.left() == 0);
            assertEquals("b", west.value(CUSTOMERS));
        }
        assertEquals(0, command("migrate").status);
        properties.setProperty("sequin.west.data-source", "nobody");
        Result result = command("migrate");
        assertEquals(2, result.status);
        assertEquals("sequin.west.data-source names no bean that is a DataSource: nobody", result.output.strip());
    }

    @Tag("long")
    @Test
    void theCommandsAreAboutAllOrOne() throws Exception {
        assertEquals(
                new Result(0, "The tables of schema sequin are there, in version 2.\n"),
                command("migrate", "--bundle", "east"));
        String tables = "select to_regclass('sequin.dead_letters') is not null";
        assertEquals("t", east.value(tables));
        assertEquals("f", west.value(tables));
        assertEquals(0, command("migrate").status);
        assertEquals("t", west.value(tables));

        west.execute("alter table stripe.customers drop column email");
        Result check = command("check");
        assertEquals(1, check.status, check.output);
        assertTrue(check.output.contains("east: 3 of 3 templates can be used."), check.output);
        assertTrue(check.output.contains("west: 2 of 3 templates can be used."), check.output);
        assertEquals(new Result(0, "3 of 3 templates can be used.\n"), command("check", "--bundle", "east"));

        Result replay = command("replay", "--all");
        assertEquals(2, replay.status, replay.output);
        assertTrue(replay.output.startsWith("Say whose dead letters: --bundle with one of east, west"), replay.output);
        Result unknown = command("replay", "--bundle", "north");
        assertEquals(2, unknown.status, unknown.output);
        assertTrue(unknown.output.contains("--bundle names no bundle: north; there are east, west"), unknown.output);
    }

    @Tag("long")
    @Test
    void deadLettersAreReplayedIntoTheDatabaseOfTheirBundle() throws Exception {
        second.offerAsIs(TestRecord.of("later:table", "x", 1, "{}"));
        try (Standalone process = start()) {
            await().until(() -> second.left() == 0);
            assertEquals(
                    List.of("east", "west"),
                    new ArrayList<>(new TreeSet<>(process.pools().keySet())));
        }
        assertEquals("1", west.value("select count(*) from sequin.dead_letters"));
        west.execute("create schema later; create table later.t (id text primary key)");
        Path collections = Path.of(properties.getProperty("sequin.routes"), "collections");
        Files.writeString(collections.resolve("later-table.upsert.sql"), """
                insert into later.t values (:#id) on conflict (id) do update set id = excluded.id""");
        Files.writeString(collections.resolve("later-table.camel.yaml"), """
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: later-table
                    parameters:
                      - {name: collection, value: "later:table"}
                      - {name: upsert, value: later-table.upsert.sql}
                      - {name: guard, value: ledger}
                """);
        Result replay = command("replay", "--bundle", "west", "--all");
        assertEquals("1 replayed, 0 failed again, 0 left because their collection is paused.", replay.output.strip());
        assertEquals("x", west.value("select id from later.t"));
        assertEquals(0, command("replay", "--bundle", "east", "--all").status);
    }
}
