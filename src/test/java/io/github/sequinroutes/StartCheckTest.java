package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class StartCheckTest {
    private static final String UPSERT = """
            insert into %s as t (id, updated_idx, deleted) values (:#id, :#updated_idx, :#deleted)
            on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
            where t.updated_idx %s excluded.updated_idx""";

    /** It would have been written, but only by what is older. */
    @Test
    void anErrorPausesItsCollectionUntilItIsMended() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.check", "pause")) {
            bundle.database().execute("""
                    create table good (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table bad (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table narrow (id text primary key, updated_idx integer not null, deleted boolean)""");
            bundle.collection("test:good", UPSERT.formatted("good", "<="))
                    .collection("test:bad", UPSERT.formatted("bad", ">="))
                    .collection("test:narrow", UPSERT.formatted("narrow", "<="))
                    .offer(
                            TestRecord.of("test:bad", "b", 1, "{}"),
                            TestRecord.of("test:narrow", "n", 1, "{}"),
                            TestRecord.of("test:good", "g", 1, "{}"))
                    .start()
                    .awaitUnhealthy("test-bad.upsert.sql:3:7: the guard is reversed")
                    .awaitUnhealthy("test-narrow.upsert.sql:1:30: column updated_idx is integer");
            await().until(() ->
                    bundle.database().value("select count(*) from good").equals("1"));
            assertEquals("0", bundle.database().value("select count(*) from bad"));

            bundle.database().execute("alter table narrow alter column updated_idx type bigint");
            bundle.collection("test:bad", UPSERT.formatted("bad", "<="));

            bundle.awaitDrained().awaitHealthy();
            assertEquals(
                    List.of("b", "n"),
                    bundle.database().rows("select id from bad union select id from narrow order by 1"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** Nobody should have to wait for a message to learn of it, nor for another to see that it is over. */
    @Test
    void anErrorPausesItsCollectionThoughNoMessageComes() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.check", "pause");
                LogWatch log = new LogWatch(bundle.routes())) {
            bundle.database().execute("""
                    create table good (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table bad (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table narrow (id text primary key, updated_idx integer not null, deleted boolean)""");
            bundle.collection("test:good", UPSERT.formatted("good", "<="))
                    .collection("test:bad", UPSERT.formatted("bad", ">="))
                    .collection("test:narrow", UPSERT.formatted("narrow", "<="))
                    .start()
                    .awaitUnhealthy("test:bad=paused: ")
                    .awaitUnhealthy("test-narrow.upsert.sql:1:30: column updated_idx is integer");
            assertFalse(
                    bundle.health().getDetails().containsKey("test:good"),
                    bundle.health().toString());

            bundle.offer(TestRecord.of("test:bad", "b", 1, "{}"), TestRecord.of("test:good", "g", 1, "{}"));
            await().until(() ->
                    bundle.database().value("select count(*) from good").equals("1"));
            bundle.database().execute("alter table narrow alter column updated_idx type bigint");
            await().until(() -> !bundle.health().getDetails().containsKey("test:narrow"));
            assertEquals(
                    1,
                    log.lines("Collection test:bad is paused and will be retried")
                            .size());
            assertEquals(
                    1,
                    log.lines("Collection test:narrow is paused and will be retried")
                            .size());
            assertTrue(
                    bundle.health().getDetails().containsKey("test:bad"),
                    bundle.health().toString());
            assertEquals("0", bundle.database().value("select count(*) from bad"));

            bundle.collection("test:bad", UPSERT.formatted("bad", "<="));
            bundle.awaitDrained().awaitHealthy();
        }
    }

    /** As beside a migration: nothing is let through because it could not be judged, and the others do not wait for it. */
    @Test
    void aTableThatIsLockedAtStartIsCheckedLater() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.check", "pause");
                Connection holder = bundle.database().connect();
                Statement lock = holder.createStatement()) {
            bundle.database().execute("""
                    create table good (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table locked (id text primary key, updated_idx bigint not null, deleted boolean);
                    create table bad (id text primary key, updated_idx bigint not null, deleted boolean)""");
            holder.setAutoCommit(false);
            lock.execute("alter table locked add column later int; alter table bad add column later int");
            bundle.collection("test:good", UPSERT.formatted("good", "<="))
                    .collection("test:locked", UPSERT.formatted("locked", "<="))
                    .collection("test:bad", UPSERT.formatted("bad", ">="))
                    .offer(
                            TestRecord.of("test:good", "g", 1, "{}"),
                            TestRecord.of("test:locked", "l", 1, "{}"),
                            TestRecord.of("test:bad", "b", 1, "{}"))
                    .start()
                    .awaitUnhealthy("test-locked.upsert.sql:1:1: is not checked, since its table is locked");
            await().until(() ->
                    bundle.database().value("select count(*) from good").equals("1"));
            holder.commit();
            await().until(() ->
                    bundle.database().value("select count(*) from locked").equals("1"));
            bundle.awaitUnhealthy("test-bad.upsert.sql:3:7: the guard is reversed");
            assertEquals("0", bundle.database().value("select count(*) from bad"));
        }
    }

    @Test
    void anErrorIsOnlyLoggedIfThatIsWanted() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.check", "log")) {
            bundle.database().execute("create table bad (id text primary key, updated_idx bigint, deleted boolean)");
            bundle.collection("test:bad", UPSERT.formatted("bad", ">="))
                    .offer(TestRecord.of("test:bad", "b", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals("1", bundle.database().value("select count(*) from bad"));
        }
    }
}
