package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.cli.CommandRun.Result;
import io.github.sequinroutes.sandbox.RequestKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 81: the roles of deploy/role.sql, and nothing that PostgreSQL grants to everybody, are enough. */
@Tag("postgres")
@Tag("long")
class LeastPrivilegeTest {
    private static final String PENDING = "select count(*) from sequin.dead_letters where replayed_at is null";

    private final TestDatabase database;
    private final TestBundle bundle;
    /** Roles are the server's, and other tests have theirs. */
    private final String migrating;

    private final String running;

    LeastPrivilegeTest() throws Exception {
        bundle = new TestBundle();
        database = bundle.database();
        migrating = "migrate_" + database.name();
        running = "run_" + database.name();
    }

    @BeforeEach
    void createTablesAndRoles() throws Exception {
        database.execute("""
                revoke all on database %s from public;
                revoke all on schema public from public;
                create schema shop;
                create table shop.things (id text primary key, updated_idx bigint, total numeric not null check (total > 0))""".formatted(database.name()));
        grant();
        bundle.collection("shop:thing", """
                insert into shop.things (id, updated_idx, total) values (:#id, :#updated_idx, :#data.total)
                on conflict (id) do update set updated_idx = excluded.updated_idx, total = excluded.total""");
        Path collections = bundle.routes().resolve("collections");
        for (String shipped : List.of("stripe-customer", "stripe-subscription", "github-issue")) {
            Files.delete(collections.resolve(shipped + ".camel.yaml"));
            Files.delete(collections.resolve(shipped + ".upsert.sql"));
        }
        Files.writeString(collections.resolve("thing.delete.sql"), "delete from shop.things where id = :#id");
        Path route = collections.resolve("shop-thing.camel.yaml");
        Files.writeString(route, Files.readString(route) + "      - name: delete\n        value: thing.delete.sql\n");
        database.execute(
                "grant usage on schema shop to %1$s; grant select, insert, update, delete on shop.things to %1$s"
                        .formatted(running));
        bundle.set("postgres.url", database.url().replace("user=postgres", "user=" + running));
    }

    @AfterEach
    void dropRoles() throws Exception {
        bundle.close();
        TestDatabase other = new TestDatabase();
        other.execute("drop role %s; drop role %s".formatted(running, migrating));
        other.drop();
    }

    /** What the file says. */
    private void grant() throws Exception {
        database.execute(Files.readString(Path.of("deploy/role.sql"))
                .replace("sequin_migrate", migrating)
                .replace("sequin_run", running));
    }

    private void migrate() throws Exception {
        bundle.set("postgres.url", database.url().replace("user=postgres", "user=" + migrating));
        assertEquals(
                new Result(0, "The tables of schema sequin are there, in version 2.\n"),
                CommandRun.of(bundle, "migrate"));
        bundle.set("postgres.url", database.url().replace("user=postgres", "user=" + running));
        grant();
    }

    private static String thing(String id, long version, String total) {
        return TestRecord.of("shop:thing", id, version, "{\"total\": " + total + "}");
    }

    private void awaitRows(String... rows) {
        await().until(() ->
                database.rows("select id, total from shop.things order by id").equals(List.of(rows)));
    }

    @Test
    void theyAreEnough() throws Exception {
        migrate();
        // or a dump could not be restored: indexes on functions are built as the owner, before anything is granted
        assertEquals(migrating, database.value("select nspowner::regrole from pg_namespace where nspname = 'sequin'"));
        assertEquals(new Result(0, "2 of 2 templates can be used.\n"), CommandRun.of(bundle, "check"));
        bundle.set("sequin.dead-letter-retention", "1ms").set("sequin.ledger-purge", "* * * * * ?");
        bundle.set("sequin.ledger-retention", "1ms");
        try (LogWatch log = new LogWatch("eplayed dead letters could not be deleted")) {
            bundle.offer(thing("a", 1, "1"), thing("b", 1, "1"), thing("bad", 1, "-1"))
                    .offer(TestRecord.of("no:route", "n", 1, "{}"))
                    .start()
                    .awaitDrained();
            bundle.offer(thing("a", 2, "2"), TestRecord.of("shop:thing", "b", 2, true, "{}"))
                    .awaitDrained()
                    .awaitHealthy();
            awaitRows("a|2");
            assertEquals(List.of("rejected|23514|bad", "unknown-collection|~|n"), bundle.deadLetters());
            // the ledger forgets
            await().until(() -> database.rows("select id from sequin.versions where deleted")
                    .isEmpty());

            database.execute("alter table shop.things drop constraint things_total_check");
            Result replay = CommandRun.of(bundle, "replay", "--collection", "shop:thing");
            assertEquals(0, replay.status(), replay.output());
            awaitRows("a|2", "bad|-1");

            // without the privilege it says so, and what is pending is never forgotten
            await().until(() -> log.lines("permission denied for table dead_letters (SQLSTATE 42501)")
                            .size()
                    > 0);
            String advice = "; grant delete on sequin.dead_letters to the role of postgres.user";
            assertTrue(
                    log.lines("").get(0).endsWith("(SQLSTATE 42501)" + advice + "."),
                    log.lines("").get(0));
            assertEquals(
                    new Result(1, "permission denied for table dead_letters (SQLSTATE 42501)" + advice + "\n"),
                    CommandRun.of(bundle, "replay", "--discard", "--all"));
            assertEquals("2", database.value("select count(*) from sequin.dead_letters"));
            database.execute("grant delete on sequin.dead_letters to " + running);
            await().until(() -> bundle.deadLetters().equals(List.of("unknown-collection|~|n")));
            assertEquals("1", database.value(PENDING));
        }
    }

    @Test
    void theTablesAreMissedAtTheStart() throws Exception {
        bundle.offer(thing("a", 1, "1")).start();
        bundle.awaitUnhealthy("the tables of schema sequin are missing");
        assertEquals(0, bundle.server().requests().count(RequestKind.NEXT));
        assertEquals(
                new Result(
                        1,
                        "the tables of schema sequin are missing, and role " + running
                                + " may not create them there; have the role that owns the schema run migrate (SQLSTATE"
                                + " 42501)\n2 of 2 templates can be used.\n"),
                CommandRun.of(bundle, "check"));
        migrate();
        bundle.awaitDrained().awaitHealthy();
        awaitRows("a|1");
    }
}
