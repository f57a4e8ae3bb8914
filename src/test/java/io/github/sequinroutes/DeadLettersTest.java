package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class DeadLettersTest {
    private static final String ALL = "select count(*) from sequin.dead_letters";

    private static String subscription(String id, String quantity) {
        return TestRecord.of("stripe:subscription", id, 1, "{\"quantity\": " + quantity + "}");
    }

    private static String[] good(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> subscription("good-" + i, "1"))
                .toArray(String[]::new);
    }

    @Test
    void oneBadRecordNeverHoldsBackTheOthers() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(good(250))
                    .offer(subscription("bad", "\"many\""))
                    .offer(good(500))
                    .start()
                    .awaitDrained();
            assertEquals("500", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(List.of("rejected|22P02|bad"), bundle.deadLetters());
        }
    }

    @Test
    void aMalformedMessageIsDeadLetteredWithWhatItLacks() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(
                            "\"text\"",
                            "[]",
                            "null",
                            "{\"id\": \"1\"}",
                            "{\"collection_id\": \"stripe:subscription\"}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"\", \"updated_idx\": 1}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"no version\"}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"text\", \"updated_idx\": \"1\"}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"float\", \"updated_idx\": 1.5}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"2^63\","
                                    + " \"updated_idx\": 9223372036854775808}",
                            "{\"collection_id\": \"stripe:subscription\", \"id\": \"deleted\", \"updated_idx\": 1,"
                                    + " \"deleted\": \"yes\"}")
                    .start()
                    .awaitDrained();
            assertEquals("0", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals(
                    List.of(
                            "~|the record has no id",
                            "~|the record has no id",
                            "~|the record is not an object",
                            "~|the record is not an object",
                            "~|the record is not an object",
                            "1|the record has no collection_id",
                            "2^63|the template of stripe:subscription needs a version: its updated_idx does not fit into 64 bits",
                            "deleted|its deleted is neither true nor false",
                            "float|the template of stripe:subscription needs a version: its updated_idx is not a 64-bit integer",
                            "no version|the template of stripe:subscription needs a version: it has no updated_idx",
                            "text|the template of stripe:subscription needs a version: its updated_idx is not a 64-bit integer"),
                    bundle.database()
                            .rows("select nullif(record_id, ''), error from sequin.dead_letters"
                                    + " where reason = 'malformed' order by nullif(record_id, '') nulls first, error"));
        }
    }

    @Test
    void anUnknownCollectionIsDeadLettered() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(TestRecord.of("stripe:invoice", "a", 1, "{}"), TestRecord.of("stripe:invoice", "a", 2, "{}"))
                    .offer(good(1))
                    .start()
                    .awaitDrained();
            // both: nothing has superseded the older one
            assertEquals(List.of("unknown-collection|~|a", "unknown-collection|~|a"), bundle.deadLetters());
            assertEquals("1", bundle.database().value("select count(*) from stripe.subscriptions"));
        }
    }

    @Test
    void aRouteForAllOtherCollectionsCatchesThem() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table others (collection text, id text, data jsonb)");
            bundle.collection("*", "insert into others values (:#collection_id, :#id, :#data)")
                    .offer(TestRecord.of("stripe:invoice", "a", 1, "{\"b\": 1}"))
                    .offer(good(1))
                    .start()
                    .awaitDrained();
            assertEquals("stripe:invoice|a|{\"b\": 1}", bundle.database().value("select * from others"));
            assertEquals("1", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals("0", bundle.database().value(ALL));
        }
    }

    @Test
    void theMessageIsKeptByteForByte() throws Exception {
        String record = """
                {"collection_id" : "stripe:customer","id":"a", "updated_idx":1,
                  "data":{"email":"nul\\u0000 \\ud800 \\/ é😀", "x": 1e400, "y": 1.50, "z":[ ]}}""";
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(record).start().awaitDrained();
            String message = bundle.database()
                    .value("select replace(message, substring(message from '\"ack_token\":\"([^\"]*)\"'), 'T')"
                            + " from sequin.dead_letters");
            assertEquals("{\"ack_token\":\"T\",\"record\":" + record + "}", message);
            assertEquals(
                    "test|stripe:customer|a|1|rejected|1|t",
                    bundle.database()
                            .value("select consumer, collection, record_id, version, reason, attempts, replayed_at is"
                                    + " null from sequin.dead_letters"));
        }
    }

    @Test
    void theSameRecordAndVersionFailingAgainRaisesAttempts() throws Exception {
        String noVersion = "{\"collection_id\": \"stripe:subscription\", \"id\": \"v\"}";
        String notAnObject = "[1]";
        try (TestBundle bundle = new TestBundle()) {
            for (int i = 0; i < 3; i++) {
                bundle.offer(subscription("bad", "\"many\""), noVersion, notAnObject);
                if (i == 0) {
                    bundle.start();
                }
                bundle.awaitDrained();
            }
            assertEquals(
                    List.of("malformed|~|3", "malformed|v|3", "rejected|bad|3"),
                    bundle.database()
                            .rows("select reason, record_id, attempts from sequin.dead_letters"
                                    + " order by reason, record_id nulls first"));
        }
    }

    @Test
    void whenTheNewestVersionIsRejectedTheOneBeforeIsWritten() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(
                            TestRecord.of("stripe:subscription", "a", 1, "{\"quantity\": 1}"),
                            TestRecord.of("stripe:subscription", "a", 2, "{\"quantity\": 2}"),
                            TestRecord.of("stripe:subscription", "a", 3, "{\"quantity\": \"many\"}"))
                    .start()
                    .awaitDrained();
            assertEquals("2|2", bundle.database().value("select updated_idx, quantity from stripe.subscriptions"));
            assertEquals(List.of("rejected|22P02|a"), bundle.deadLetters());
        }
    }

    @Test
    void aMessageWhoseDeadLetterCannotBeStoredIsNotAcked() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(1))) {
            bundle.start().offer(good(1)).awaitDrained();
            bundle.database().execute("alter table sequin.dead_letters rename to elsewhere");
            bundle.offer(subscription("bad", "\"many\"")).offer(good(3));
            Awaitility.await().until(() -> bundle.database()
                    .value("select count(*) from stripe.subscriptions")
                    .equals("3"));
            long delivered = bundle.consumer().delivered();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> bundle.consumer().delivered() > delivered);
            Awaitility.await().until(() -> bundle.consumer().left() == 1);

            bundle.database().execute("alter table sequin.elsewhere rename to dead_letters");
            bundle.awaitDrained();
            assertEquals(List.of("rejected|22P02|bad"), bundle.deadLetters());
        }
    }
}
