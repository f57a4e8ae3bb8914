package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.customer;
import static io.github.sequinroutes.FaultyThings.customers;
import static io.github.sequinroutes.FaultyThings.thing;
import static io.github.sequinroutes.FaultyThings.thingOf;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 47, 50 and 63: a record that needs another one is written after it. */
@Order(1) // takes long
@Tag("postgres")
class ParentsTest {
    @Tag("long")
    @Test
    void aSelfReferenceInOneBatchWithPoisonIsWritten() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references things, check (x <> 'poison')")) {
            // a child comes before its parent in the order of keys, and so do its children
            for (int i = 0; i < 40; i++) {
                bundle.offer(thingOf("t%03d".formatted(i), i == 39 ? "null" : "\"t%03d\"".formatted(i + 1)));
            }
            bundle.offer(thing("t020-bad", "poison")).start().awaitDrained();
            assertEquals(List.of("rejected|23514|t020-bad"), bundle.deadLetters());
            assertEquals("40", bundle.database().value(Things.COUNT));
        }
    }

    @Test
    void aParentOfAnotherCollectionInTheSameBatchIsEnough() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references stripe.customers (id)")) {
            bundle.offer(thing("child", "c0"), thing("orphan", "nobody"))
                    .offer(customers(0, 1))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("rejected|23503|orphan"), bundle.deadLetters());
            assertEquals("child", bundle.database().value("select id from things"));
        }
    }

    @Test
    void threeLevelsOfParentsInOneBatch() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(30), "x text references stripe.customers (id)")) {
            bundle.database().execute("create table leaves (id text primary key, x text references things (id))");
            bundle.collection("test:leaf", "insert into leaves (id, x) values (:#id, :#data.x)");
            bundle.offer(TestRecord.of("test:leaf", "l", 1, "{\"x\": \"t\"}"), thing("t", "c0"), customer(0))
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("t", bundle.database().value("select x from leaves"));
        }
    }

    /** Neither is written until their parent is, and the older of the two not after the newer. */
    @Tag("long")
    @Test
    void theHighestOfTwoThatWaitForTheirParent() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database()
                    .execute("create table things (id text primary key, x text references things, note text,"
                            + " check (note <> 'bad'))");
            bundle.collection(
                    "test:thing",
                    "insert into things (id, x, note) values (:#id, :#data.x, :#data.note)"
                            + " on conflict (id) do update set x = excluded.x, note = excluded.note");
            bundle.offer(
                            TestRecord.of("test:thing", "child", 2, "{\"x\": \"parent\", \"note\": \"new\"}"),
                            TestRecord.of("test:thing", "child", 1, "{\"x\": \"parent\", \"note\": \"old\"}"),
                            TestRecord.of("test:thing", "parent", 1, "{}"),
                            TestRecord.of("test:thing", "poison", 1, "{\"note\": \"bad\"}"))
                    .start()
                    .awaitDrained();
            assertEquals("new", bundle.database().value("select note from things where id = 'child'"));
            assertEquals(List.of("rejected|23514|poison"), bundle.deadLetters());
        }
    }

    /** What a trigger or a template looks up may come later in the batch, for another collection. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource({"P0002, :#data.x", "ZZ001, :#data.x", "23502, (select id from parents where id = :#data.x)"})
    void aParentThatIsLookedUp(String state, String value) throws Exception {
        // longer than a test waits: the child comes again when its collection is tried again, not when its lease is
        // over
        try (TestBundle bundle = new TestBundle(Duration.ofMinutes(10)).set("sequin.workers", "1")) {
            bundle.database().execute("""
                    create table parents (id text primary key);
                    create table things (id text primary key, x text not null)""");
            trigger(bundle, """
                    if not exists (select from parents where id = new.x) and new.x is not null then
                      raise exception 'no parent' using errcode = '%s'; end if;""".formatted(state));
            bundle.collection("test:thing", "insert into things (id, x) values (:#id, %s)".formatted(value));
            bundle.collection("test:zparent", "insert into parents (id) values (:#id)");
            bundle.offer(thing("child", "p"), TestRecord.of("test:zparent", "p", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of(), bundle.deadLetters());
            assertEquals("1", bundle.database().value(Things.COUNT));
        }
    }

    /** A newer version that is rejected, and its older one too, until another row is written. */
    @Test
    void anOlderVersionDoesNotFollowANewerOne() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1")) {
            bundle.database()
                    .execute("create table things (id text primary key, v bigint,"
                            + " x text not null references things check (x <> 'bad'))");
            bundle.collection(
                    "test:thing",
                    "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x");
            bundle.offer(
                            TestRecord.of("test:thing", "a", 2, "{\"x\": \"a\"}"),
                            TestRecord.of("test:thing", "a", 3, "{\"x\": \"b\"}"),
                            TestRecord.of("test:thing", "b", 1, "{\"x\": \"b\"}"),
                            TestRecord.of("test:thing", "b", 2, "{\"x\": \"bad\"}"))
                    .start()
                    .awaitDrained();
            assertEquals(
                    "3|b",
                    bundle.database()
                            .rows("select v, x from things where id = 'a'")
                            .get(0));
        }
    }
}
