package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.customer;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 44 and 49: what a failure tells of a record, and what it does not. */
@Tag("long")
@Tag("postgres")
class EvidenceTest {
    /** What was taken before is an update now: that it is not taken again tells nothing of others. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsThatCannotBeUpdated(boolean alone) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text check (x <> 'bad')")) {
            bundle.database().execute("""
                    create function closed() returns trigger language plpgsql as $$ begin
                      raise exception 'the row is closed'; end $$;
                    create trigger closed before update on things for each row execute function closed()""");
            bundle.offer(thing("first", "good")).start().awaitDrained();
            for (int i = 0; !alone && i < 20; i++) {
                bundle.offer(thing("b" + i, "good"));
            }
            bundle.offer(thing("poison", "bad")).awaitDrained().awaitHealthy();
            assertEquals(List.of("rejected|23514|poison"), bundle.deadLetters());
            assertEquals(alone ? "1" : "21", bundle.database().value(Things.COUNT));
        }
    }

    /** The driver makes one statement of a batch, in which no two may mean the same row; nobody is at fault for that. */
    @Test
    void recordsThatMeanTheSameRow() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table emails (x text primary key, v bigint);
                    create sequence calls;
                    create function counted() returns trigger language plpgsql as $$ begin
                      perform nextval('calls'); return new; end $$;
                    create trigger count before insert on emails for each row execute function counted()""");
            bundle.collection("test:thing", """
                    insert into emails as t (x, v) values (:#data.x, :#updated_idx)
                    on conflict (x) do update set v = excluded.v where t.v <= excluded.v""");
            for (int i = 0; i < 300; i++) {
                bundle.offer(TestRecord.of("test:thing", "t%03d".formatted(i), i, "{\"x\": \"" + i % 10 + "\"}"));
            }
            bundle.start().awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("295", bundle.database().value("select v from emails where x = '5'"));
            // each of them once, and those before the first that met another
            assertEquals("311", bundle.database().value("select last_value from calls"));
        }
    }

    /** A collection that is paused is tried with any of its records, not always with those that came first. */
    @Test
    void goodRecordsAfterMoreBadOnesThanABatchHas() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x int")) {
            bundle.set("sequin.batch-size", "100").set("sequin.dead-letters-per-second", "1000");
            for (int i = 0; i < 600; i++) {
                bundle.offer(thing("t%03d".formatted(i), i < 400 ? "bad" : "1"));
            }
            bundle.start().awaitDrained();
            assertEquals("200", bundle.database().value(Things.COUNT));
            assertEquals(400, bundle.deadLetters().size());
        }
    }

    /** And nothing else tells whether the table takes any. */
    @Test
    void oneGoodRecordAmongHundredsThatAreBad() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x int")) {
            for (int i = 0; i < 900; i++) {
                bundle.offer(thing("t%03d".formatted(i), i == 700 ? "1" : "bad"));
            }
            bundle.set("sequin.dead-letters-per-second", "1000").start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("1"));
            bundle.awaitDrained();
            assertEquals(
                    "899",
                    bundle.database().value("select count(*) from sequin.dead_letters where sqlstate = '22P02'"));
        }
    }

    @Test
    void aCallAsTemplate() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("""
                    create table things (id text primary key, v bigint, x int check (x > 0));
                    create procedure put(i text, ver bigint, val int) language sql as $$
                      insert into things as t (id, v, x) values (i, ver, val)
                      on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v $$""");
            bundle.collection("test:thing", "call put(:#id, :#updated_idx, :#data.x)")
                    .offer(thing("a", "1"), thing("poison", "-1"), thing("z", "2"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("rejected|23514|poison"), bundle.deadLetters());
            assertEquals("2", bundle.database().value(Things.COUNT));
        }
    }

    /** The table says the same of a bad record as of one that is there already. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "if tg_op = 'UPDATE' or new.x = 'bad' then raise exception 'not allowed'; end if; | true  | P0001",
                "if tg_op = 'UPDATE' or new.x = 'bad' then raise exception 'not allowed'; end if; | false | P0001",
                "if new.x = 'bad' or exists (select from things where id = new.id)"
                        + " then raise sqlstate '23505'; end if; | true | 23505",
            })
    void aBadRecordThatFailsAsAnyUpdateDoes(String act, boolean alone, String state) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            trigger(bundle, "insert or update", act);
            bundle.offer(thing("first", "good")).start().awaitDrained();
            bundle.offer(thing("poison", "bad"));
            for (int i = 0; !alone && i < 20; i++) {
                bundle.offer(thing("g" + i, "good"));
            }
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of("rejected|" + state + "|poison"), bundle.deadLetters());
        }
    }

    /** What is only refused when the transaction is committed. */
    @Test
    void manyRecordsThatAreRefusedAtTheCommit() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(4), "x text")) {
            bundle.database().execute("""
                    create function late() returns trigger language plpgsql as $$ begin
                      if new.x = 'bad' then raise sqlstate '23514'; end if; return null; end $$;
                    create constraint trigger late after insert on things deferrable initially deferred
                      for each row execute function late()""");
            bundle.set("sequin.dead-letters-per-second", "1000");
            for (int i = 0; i < 400; i++) {
                bundle.offer(thing("t%03d".formatted(i), i % 2 == 0 ? "bad" : "good"));
            }
            bundle.offer(customer(0)).start();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bundle.database().value(Things.COUNT).equals("200"));
            bundle.awaitDrained();
            assertEquals(200, bundle.deadLetters().size());
        }
    }
}
