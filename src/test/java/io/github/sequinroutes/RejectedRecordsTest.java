package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.awaitCustomers;
import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.customers;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.thingOf;
import static io.github.sequinroutes.FaultyThings.things;
import static io.github.sequinroutes.FaultyThings.thingsOf;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 43, 44, 45, 53 and 64: the record at fault is rejected or waits, and nobody else. */
@Order(1) // takes long
@Tag("postgres")
class RejectedRecordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x tsquery                                        | \"a\" | \"a & & b\"   | 42601",
                "x regclass                                       | \"things\" | \"nowhere\" | 42P01",
                "x bytea                                          | \"\\\\x00ff\" | \"\\\\xzz\"    | 22023",
                "x interval                                       | \"1 day\" | \"1 dya\"    | 22007",
            })
    void aRecordWhoseContentRaisesAnyErrorIsADeadLetterAlone(String column, String good, String bad, String state)
            throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), column)) {
            bundle.offer(thingsOf(300, good)).offer(thingOf("poison", bad)).offer(customers(0, 1));
            bundle.start().awaitDrained().awaitHealthy();
            assertEquals(List.of("rejected|" + state + "|poison"), bundle.deadLetters());
            assertEquals("300", bundle.database().value(Things.COUNT));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"42501", "0A000", "55000", "XX000", "22012"})
    void aTriggerThatFailsForOneRecordRejectsThatOne(String state) throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            trigger(bundle, "if new.x = 'bad' then raise exception using errcode = '" + state + "'; end if;");
            bundle.offer(things(100, "good")).offer(thing("poison", "bad")).start();
            await().until(() -> bundle.database().value(Things.COUNT).equals("100"));
            bundle.awaitDrained();
            assertEquals(List.of("rejected|" + state + "|poison"), bundle.deadLetters());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aMessageWithoutAVersionIsWhatItWouldBeAlone(boolean ledger) throws Exception {
        String unversioned = "{\"collection_id\": \"test:thing\", \"id\": \"thing-a\", \"data\": {}}";
        try (TestBundle bundle = Things.guarded(new TestBundle(), ledger)) {
            bundle.offer(unversioned, Things.thing("a", 2), Things.thing("a", 1), unversioned)
                    .start()
                    .awaitDrained();
            assertEquals("2", bundle.database().value("select v from things"));
            assertEquals(
                    List.of("malformed|~|thing-a|~|2"),
                    bundle.database()
                            .rows("select reason, sqlstate, record_id, version, attempts from sequin.dead_letters"));
        }
    }

    @Test
    void aRecordThatWasTakenBeforeAndIsNotAnyMoreStopsNothing() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(3)).set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table parents (id text primary key);
                    insert into parents values ('p0'), ('p1');
                    create table things (id text primary key, v bigint,
                      x text references parents on delete cascade, check (x <> 'poison'))""");
            bundle.collection("test:thing", FaultyThings.TEMPLATE)
                    .offer(thing("c0", "p0"))
                    .start()
                    .awaitDrained();
            bundle.database().execute("delete from parents where id = 'p0'");
            bundle.offer(thing("a-poison", "poison")).offer(things(50, "p1")).awaitDrained();
            assertEquals(List.of("rejected|23514|a-poison"), bundle.deadLetters());
            assertEquals("50", bundle.database().value(Things.COUNT));
        }
    }

    @Test
    void goodRecordsAfterManyBadOnesAreWritten() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text not null check (x <> 'bad')")) {
            for (int i = 0; i < 40; i++) {
                bundle.offer(thing("a" + i, "bad"));
            }
            bundle.offer(things(100, "good")).start().awaitDrained();
            assertEquals("100", bundle.database().value(Things.COUNT));
            assertEquals(40, bundle.deadLetters().size());
        }
    }

    @Tag("long")
    @Test
    void aRecordThatAlwaysCollidesStopsNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(2), "x text")) {
            bundle.database().execute("""
                    create function act() returns trigger language plpgsql as $$ begin
                      if new.x = 'bad' then raise sqlstate '40001'; end if; return null; end $$;
                    create constraint trigger act after insert on things deferrable initially deferred
                      for each row execute function act()""");
            bundle.offer(thing("first", "good")).start().awaitDrained();
            bundle.offer(thing("good-0100-poison", "bad"));
            for (int i = 0; i < 5; i++) {
                bundle.offer(thing("next-" + i, "good"));
                int count = i + 2;
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bundle.database().value(Things.COUNT).equals(Integer.toString(count)));
            }
            long delivered = bundle.consumer().delivered();
            // it is tried at once, after 5 and after 10 s more, and would be a dead letter by then
            await().until(() -> bundle.consumer().delivered() >= delivered + 14);
            assertEquals(1, bundle.consumer().left());
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /**
     * A chain whose every child comes before its parent, so that each round of retries accepts one; or much poison; or
     * poison of which each is refused in words of its own.
     */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"chain", "poison", "words"})
    void manyRejectedRecordsHoldUpNoOther(String kind) throws Exception {
        long lease = 4;
        boolean chain = kind.equals("chain");
        String column = kind.equals("poison") ? " check (x <> 'bad')" : chain ? " references things" : "";
        try (TestBundle bundle = bundle(Duration.ofSeconds(lease), "x text" + column)) {
            if (kind.equals("words")) {
                trigger(bundle, "if new.x = 'bad' then raise exception 'refused: %', new.id; end if;");
            }
            bundle.offer(thingOf("z", chain ? "null" : "\"good\"")).start().awaitDrained();
            for (int i = 0; i < 900; i++) {
                String parent = i == 899 ? "z" : "c%04d".formatted(i + 1);
                bundle.offer(thingOf(
                        "c%04d".formatted(i), chain ? "\"" + parent + "\"" : i % 2 == 0 ? "\"bad\"" : "\"good\""));
            }
            bundle.offer(thingOf("poison", chain ? "\"nobody\"" : "\"bad\""));
            // a lease for each of them, if it were not bounded
            long begin = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                bundle.offer(customers(i, i + 1));
                awaitCustomers(bundle, i + 1, Duration.ofSeconds(6 * lease));
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(waited.toSeconds() < 6 * lease, waited.toString());
        }
    }
}
