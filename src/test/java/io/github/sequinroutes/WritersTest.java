package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class WritersTest {
    private static final String WAITING = "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'sequin-postgres-routes' and wait_event_type = 'Lock'";

    @Test
    void whileOneWritesTheOthersFetch() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle());
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("lock table things");
            bundle.set("sequin.workers", "3")
                    .set("sequin.writers", "1")
                    .set("sequin.batch-size", "10")
                    .offer(Things.things(100))
                    .start();
            await().until(() -> bundle.consumer().delivered() == 30);
            // for a while, for a second one would soon wait too; and before the first gives up, after half its lease
            await().atMost(Duration.ofSeconds(12))
                    .during(Duration.ofSeconds(1))
                    .until(() -> bundle.database().value(WAITING).equals("1"));
            connection.rollback();
            bundle.awaitDrained();
            assertEquals("100", bundle.database().value(Things.COUNT));
        }
    }

    @Tag("long")
    @Test
    void noTwoWriteAtOnce() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            bundle.set("sequin.workers", "4").set("sequin.writers", "1").set("sequin.batch-size", "5");
            bundle.set("sequin.dead-letters-per-second", "10000");
            // first one, so that all tables are there
            bundle.offer(Things.thing(1, 1)).start().awaitDrained();
            // a sequence keeps what it has counted, also for a transaction that is rolled back
            bundle.database().execute("""
                    create sequence crowds;
                    create function alone() returns trigger language plpgsql as $$
                    begin
                      if not pg_try_advisory_xact_lock(1) then perform nextval('crowds'); end if;
                      -- a slow table: were there another writer, it would come meanwhile
                      perform pg_sleep(0.005);
                      return null;
                    end $$;
                    create trigger alone before insert on things for each statement execute function alone();
                    create trigger alone before insert on sequin.dead_letters
                    for each statement execute function alone()""");
            for (int i = 0; i < 250; i++) {
                bundle.offer(i % 5 == 0 ? TestRecord.of("test:unknown", "unknown-" + i, 1, "{}") : Things.thing(i, 1));
            }
            bundle.awaitDrained();
            assertEquals("200", bundle.database().value(Things.COUNT));
            assertEquals("50", bundle.database().value("select count(*) from sequin.dead_letters"));
            assertEquals("f", bundle.database().value("select is_called from crowds"));
        }
    }

    @Test
    void valuesAreExtractedAgainIfTheTableHasChangedBeforeThePermit() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle());
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            bundle.database().execute("create table others (id text primary key)");
            bundle.collection("test:other", "insert into others (id) values (:#id) on conflict do nothing");
            // from now on it is known that the value is a text
            bundle.set("sequin.workers", "2").set("sequin.writers", "1").set("sequin.batch-size", "1");
            bundle.offer(Things.thing(1, 1)).start().awaitDrained();
            connection.setAutoCommit(false);
            statement.execute("lock table others");
            bundle.offer(TestRecord.of("test:other", "other", 1, "{}"));
            await().until(() -> bundle.database().value(WAITING).equals("1"));
            bundle.offer(Things.thing(1, 2));
            await().until(() -> bundle.consumer().pending() == 0);
            bundle.database().execute("alter table things alter value type jsonb using to_jsonb(value)");
            // the types are asked for once a second
            await().during(Duration.ofSeconds(2)).until(() -> bundle.consumer().ackPending() == 2);
            connection.rollback();
            bundle.awaitDrained();
            assertEquals("\"2\"", bundle.database().value("select value from things where id = 'thing-1'"));
        }
    }
}
