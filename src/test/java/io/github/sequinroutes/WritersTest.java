package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
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

    @Test
    void noTwoWriteAtOnce() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            // a record that is written while another transaction writes becomes a dead letter
            bundle.database().execute("""
                    create function alone() returns trigger language plpgsql as $$
                    begin
                      if not pg_try_advisory_xact_lock(1) then raise 'not alone'; end if;
                      return null;
                    end $$;
                    create trigger alone before insert on things for each statement execute function alone()""");
            bundle.set("sequin.workers", "4").set("sequin.writers", "1").set("sequin.batch-size", "5");
            bundle.offer(Things.things(500)).start().awaitDrained();
            assertEquals("500", bundle.database().value(Things.COUNT));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void whatWasReadBeforeItsTurnIsReadAgainIfTheTableHasChanged() throws Exception {
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle());
                Connection connection = bundle.database().connect();
                Statement statement = connection.createStatement()) {
            bundle.database().execute("create table others (id text primary key)");
            bundle.collection("test:other", "insert into others (id) values (:#id) on conflict do nothing");
            // from now on it is known that the value is a text
            bundle.set("sequin.workers", "2").set("sequin.writers", "1").set("sequin.batch-size", "1");
            bundle.offer(Things.thing(0, 1)).start().awaitDrained();
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
