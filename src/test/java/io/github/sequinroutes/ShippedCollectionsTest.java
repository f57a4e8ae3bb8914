package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ShippedCollectionsTest {
    private static final String SUBSCRIPTIONS = "select id, updated_idx, deleted, quantity from stripe.subscriptions";

    private static String subscription(long version, boolean deleted, int quantity) {
        return TestRecord.of("stripe:subscription", "a", version, deleted, "{\"quantity\": " + quantity + "}");
    }

    @Test
    void writesEveryStandardField() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(TestRecord.of("stripe:subscription", "a", 2745327037L, """
                            {"customer": "cus_1", "plan": {"id": "gold"}, "quantity": 3, "status": "active",
                             "cancel_at_period_end": true, "current_period_start": 1767225600,
                             "current_period_end": 1769904000.5, "metadata": {"b": [1, "x"]}}"""))
                    .start()
                    .awaitDrained();

            assertEquals(
                    "a|up-a|f|2745327037|sync-1|acct-1|{\"tenant\": 1}|2026-01-01 00:00:00.000001+00|~|cus_1|gold|3|"
                            + "active|t|2026-01-01 00:00:00+00|2026-02-01 00:00:00.5+00|{\"b\": [1, \"x\"]}",
                    bundle.database().value("select * from stripe.subscriptions"));
        }
    }

    @Test
    void anOlderVersionNeverWins() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(subscription(2, false, 2)).start().awaitDrained();
            bundle.offer(subscription(1, false, 1)).awaitDrained();
            assertEquals("a|2|f|2", bundle.database().value(SUBSCRIPTIONS));
        }
    }

    @Test
    void theSameVersionIsWrittenAgain() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(subscription(2, false, 2)).start().awaitDrained();
            bundle.offer(subscription(2, false, 3)).awaitDrained();
            assertEquals("a|2|f|3", bundle.database().value(SUBSCRIPTIONS));
        }
    }

    @Test
    void anyVersionWinsOverAStoredNull() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("insert into stripe.subscriptions (id, quantity) values ('a', 7)");
            bundle.offer(subscription(-5, false, 2)).start().awaitDrained();
            assertEquals("a|-5|f|2", bundle.database().value(SUBSCRIPTIONS));
        }
    }

    @Test
    void aTombstoneMarksTheRowAndKeepsWhatWasKnown() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(subscription(1, false, 4)).start().awaitDrained();
            bundle.offer(TestRecord.of("stripe:subscription", "a", 2, true, "{}"))
                    .awaitDrained();
            assertEquals("a|2|t|4", bundle.database().value(SUBSCRIPTIONS));

            bundle.offer(subscription(3, false, 5)).awaitDrained();
            assertEquals("a|3|f|5", bundle.database().value(SUBSCRIPTIONS));
        }
    }

    @Test
    void oneKeySeveralTimesInABatch() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(
                            subscription(2, false, 20),
                            subscription(3, false, 30),
                            subscription(1, false, 10),
                            subscription(3, false, 31),
                            subscription(2, false, 21))
                    .start()
                    .awaitDrained();
            assertEquals("a|3|f|31", bundle.database().value(SUBSCRIPTIONS));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void customersAndIssues() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(
                            TestRecord.of(
                                    "stripe:customer",
                                    "c",
                                    1,
                                    "{\"email\": \"a@b.c\", \"balance\": -9007199254740993, \"delinquent\": false}"),
                            TestRecord.of("github:issue", "i", 1, """
                                    {"number": 7, "title": "T", "user": {"login": "octo"}, "labels": [{"name": "bug"}],
                                     "closed_at": "2026-02-03T04:05:06+02:00"}"""))
                    .start()
                    .awaitDrained();
            assertEquals(
                    "a@b.c|-9007199254740993|f",
                    bundle.database().value("select email, balance, delinquent from stripe.customers"));
            assertEquals(
                    "7|T|octo|[{\"name\": \"bug\"}]|t",
                    bundle.database()
                            .value("select number, title, author, labels,"
                                    + " closed_at = '2026-02-03T02:05:06Z' from github.issues"));
        }
    }
}
