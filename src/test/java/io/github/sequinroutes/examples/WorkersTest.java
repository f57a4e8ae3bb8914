package io.github.sequinroutes.examples;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.cli.Standalone;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * docs/moving-over.md: each folder of {@code examples/workers} leaves what its worker leaves. One process, with a bundle,
 * a consumer and a database for each.
 */
@Tag("postgres")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkersTest {
    private static final String TOKEN = "token";
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("test.patience", 90));
    /** As for rows that the worker has written: only their own version says which record is late. */
    private static final String NO_LEDGER = "delete from sequin.versions";

    /** What was sent: live records at first, then newer and older versions, then deletions and what comes late. */
    private static final List<String> FIRST = List.of(
            record(
                    "a",
                    1,
                    "sub-a",
                    "acct-1",
                    "{'customer': 'cus-1', 'plan': {'id': 'gold'}, 'quantity': 1, 'metadata': {'k':1}}"),
            record(
                    "b",
                    3,
                    "sub-b",
                    "acct-1",
                    "{'stripe_customer_id': 'cus-2', 'plan_id': 'team', 'quantity': 2, 'metadata': {}}"),
            record(
                    "c",
                    2_745_327_037L,
                    "sub-c",
                    null,
                    "{'customer': 'cus-3', 'plan': {'id': 'gold'}, 'quantity': 3, 'metadata': {}}"),
            record(
                    "d",
                    1,
                    "sub-d",
                    "acct-1",
                    "{'customer': 'cus-4', 'plan': {'id': ' '}, 'quantity': 4, 'metadata': {}}"),
            record("e", 1, "sub-e", "acct-1", "{'quantity': 5}"),
            record(
                    "f",
                    1,
                    "sub-f",
                    "acct-1",
                    "{'customer': 'cus-6', 'plan': {'id': 'gold'}, 'quantity': 'many', 'metadata': {}}"));

    private static final List<String> UPDATES = List.of(
            record(
                    "a",
                    2,
                    "sub-A",
                    "acct-2",
                    "{'customer': 'cus-9', 'plan': {'id': 'team'}, 'quantity': 9, 'metadata': {'k':2}}"),
            record(
                    "b",
                    2,
                    "sub-B",
                    "acct-2",
                    "{'customer': 'cus-9', 'plan': {'id': 'old'}, 'quantity': 9, 'metadata': {'k':2}}"),
            FIRST.get(2));

    private static final List<String> DELETIONS =
            List.of(deletion("a", 3), deletion("b", 1), deletion("never seen", 1));

    private static final String THERE_AGAIN = record(
            "a", 4, "sub-A", "acct-3", "{'customer': 'cus-1', 'plan': {'id': 'gold'}, 'quantity': 4, 'metadata': {}}");

    private final Map<String, TestDatabase> databases = new HashMap<>();
    private final Map<String, SandboxConsumer> consumers = new HashMap<>();
    private SandboxServer server;
    private TemporaryFolder folder;
    private Standalone process;

    private static String record(String id, long version, String upstreamId, String externalId, String data) {
        return """
                {"id": "%s", "collection_id": "stripe:subscription", "provider": "stripe", "updated_idx": %d,
                 "upstream_id": "%s", "sync": {"id": "s", "external_id": %s, "metadata": {"tenant": 1}}, "deleted": false,
                 "upstream_created_at": "2026-01-01T02:00:00+02:00", "upstream_updated_at": "2026-02-03T04:05:06.789012Z",
                 "data": %s}""".formatted(
                        id,
                        version,
                        upstreamId,
                        externalId == null ? "null" : "\"" + externalId + "\"",
                        data.replace('\'', '"'));
    }

    private static String deletion(String id, long version) {
        return record(id, version, "sub-" + id, "acct-1", "null").replace("\"deleted\": false", "\"deleted\": true");
    }

    @BeforeAll
    void startAll() throws Exception {
        server = new SandboxServer(0, TOKEN);
        folder = new TemporaryFolder("workers");
        Properties properties = new Properties();
        List<String> names = new ArrayList<>();
        List<String> folders = new ArrayList<>(List.of("sql"));
        for (Worker worker : Worker.values()) {
            folders.add(worker.folder());
        }
        for (String worker : folders) {
            String name = worker.replace("-", "");
            names.add(name);
            Path routes = folder.copyRoutes(name);
            TemporaryFolder.delete(routes.resolve("collections"));
            Path example = Path.of("examples/workers").resolve(worker);
            TemporaryFolder.copy(example.resolve("routes"), routes);
            TestDatabase database = new TestDatabase();
            database.execute("drop schema stripe cascade; drop schema github cascade");
            database.execute(Files.readString(example.resolve("schema.sql")));
            databases.put(worker, database);
            consumers.put(worker, server.consumer(name, Duration.ofSeconds(30), 10_000));
            properties.setProperty("sequin." + name + ".consumer", name);
            properties.setProperty("sequin." + name + ".routes", routes.toString());
            properties.setProperty("sequin." + name + ".workers", "1");
            properties.setProperty("postgres." + name + ".url", database.url());
        }
        properties.setProperty("sequin.bundles", String.join(", ", names));
        properties.setProperty("sequin.url", server.url());
        properties.setProperty("sequin.token", TOKEN);
        properties.setProperty("sequin.wait-for", "1s");
        properties.setProperty("camel.management.enabled", "false");
        properties.setProperty("camel.main.name", folder.path().getFileName().toString());
        process = new Standalone(new Settings(properties, variable -> null), Mode.RUN).start();
    }

    @AfterAll
    void stopAll() throws Exception {
        process.close();
        server.close();
        folder.close();
        for (TestDatabase database : databases.values()) {
            database.drop();
        }
    }

    private void send(String worker, List<String> records) {
        records.forEach(consumers.get(worker)::offerAsIs);
        await().atMost(PATIENCE).until(() -> consumers.get(worker).left() == 0);
    }

    private static String deadLetters(TestDatabase database) throws Exception {
        return database.value("select string_agg(record_id || ' ' || sqlstate, ', ' order by record_id)"
                + " from sequin.dead_letters");
    }

    @ParameterizedTest
    @EnumSource
    void leavesWhatTheWorkerLeaves(Worker worker) throws Exception {
        TestDatabase database = databases.get(worker.folder());
        send(worker.folder(), FIRST);
        assertEquals(worker.first(), database.rows(worker.rows()));
        assertEquals(worker.deadLetters, deadLetters(database));
        assertEquals(
                "t",
                database.value(
                        "select bool_and(abs(extract(epoch from %s - now() at time zone 'utc')) < 3600 and %s = %s) from %s"
                                .formatted(worker.inserted, worker.inserted, worker.refreshed, worker.table)));

        database.execute("update %s set %s = %s, %s = %s"
                .formatted(worker.table, worker.inserted, Worker.LONG_AGO, worker.refreshed, Worker.LONG_AGO));
        database.execute(NO_LEDGER);
        send(worker.folder(), UPDATES);
        List<String> updated = new ArrayList<>();
        for (String row : worker.first()) {
            switch (row.charAt(0)) {
                case 'a' -> updated.add(worker.updated);
                case 'c' -> updated.add(worker.sameAgain);
                default -> updated.add(row + "|t|t"); // b was sent an older version
            }
        }
        assertEquals(updated, database.rows(worker.rowsWithTimes()));

        List<String> others = worker.first().subList(1, worker.first().size());
        database.execute(NO_LEDGER);
        send(worker.folder(), DELETIONS);
        assertEquals(others, database.rows(worker.rows()));
        send(worker.folder(), List.of(UPDATES.get(0)));
        assertEquals(others, database.rows(worker.rows()), "what was deleted does not come back with a late update");
        send(worker.folder(), List.of(THERE_AGAIN));
        assertEquals(worker.thereAgain, database.rows(worker.rows()).get(0));
        assertEquals(
                others, database.rows(worker.rows()).subList(1, worker.first().size()));
    }

    @Test
    void rawSqlMarksRows() throws Exception {
        TestDatabase database = databases.get("sql");
        String rows = "select id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata,"
                + " upstream_updated_at, upstream_created_at, stripe_customer_id, plan_id, quantity"
                + " from stripe.subscriptions where id in ('a', 'b', 'e', 'f', 'never seen') order by id";
        String times = "{\"tenant\": 1}|2026-02-03 04:05:06.789012+00|2026-01-01 00:00:00+00|";
        send("sql", FIRST);
        String b = "b|sub-b|f|3|s|acct-1|" + times + "cus-2|team|2";
        String e = "e|sub-e|f|1|s|acct-1|" + times + "~|~|5";
        assertEquals(List.of("a|sub-a|f|1|s|acct-1|" + times + "cus-1|gold|1", b, e), database.rows(rows));
        assertEquals("f 22P02", deadLetters(database));
        send("sql", UPDATES);
        assertEquals(List.of("a|sub-A|f|2|s|acct-2|" + times + "cus-9|team|9", b, e), database.rows(rows));
        send("sql", DELETIONS);
        send("sql", List.of(UPDATES.get(0)));
        assertEquals(
                List.of(
                        "a|sub-a|t|3|s|acct-1|" + times + "cus-9|team|9",
                        b,
                        e,
                        "never seen|sub-never seen|t|1|s|acct-1|" + times + "~|~|~"),
                database.rows(rows));
        send("sql", List.of(THERE_AGAIN));
        assertEquals(
                "a|sub-A|f|4|s|acct-3|" + times + "cus-1|gold|4",
                database.rows(rows).get(0));
    }

    @Test
    void rawSqlRemovesRows() throws Exception {
        TestDatabase database = databases.get("sql");
        String rows = "select id, updated_idx, sync_external_id, number, title, state from github.issues order by id";
        String one = record("i", 1, "1", "acct-1", "{'number': 7, 'title': 'T', 'state': 'open'}");
        String two = record("i", 2, "1", "acct-1", "{'number': 7, 'title': 'U', 'state': 'closed'}");
        String other = record("j", 5, "2", "acct-1", "{'number': 8, 'title': 'V', 'state': 'open'}");
        List<String> issues = new ArrayList<>();
        for (String issue : List.of(two, other, one)) {
            send("sql", List.of(issue.replace("stripe:subscription", "github:issue")));
            issues.add(String.join(" ", database.rows(rows)));
        }
        assertEquals(
                List.of(
                        "i|2|acct-1|7|U|closed",
                        "i|2|acct-1|7|U|closed j|5|acct-1|8|V|open",
                        "i|2|acct-1|7|U|closed j|5|acct-1|8|V|open"),
                issues);
        database.execute(NO_LEDGER);
        for (String issue : List.of(deletion("i", 3), deletion("j", 4), two)) {
            send("sql", List.of(issue.replace("stripe:subscription", "github:issue")));
        }
        assertEquals(List.of("j|5|acct-1|8|V|open"), database.rows(rows));
    }
}
