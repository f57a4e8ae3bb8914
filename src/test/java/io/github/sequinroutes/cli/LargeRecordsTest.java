package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.sequinroutes.TestRecord;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 23: memory is bounded, whatever the size of records and answers. */
@Tag("long")
class LargeRecordsTest extends ProcessTest {
    private static final int MEGABYTE = 1024 * 1024;

    @BeforeEach
    void prepare() {
        process.set("sequin.ack-wait", "10m");
    }

    private void offer(String id, int megabytes) {
        String name = "0123456789abcdef".repeat(megabytes * (MEGABYTE / 16));
        consumer.offerAsIs(TestRecord.of("stripe:customer", id, 1, "{\"name\": \"" + name + "\"}"));
    }

    private void run(String heap) throws Exception {
        process.option("-Xmx" + heap)
                .option("-XX:+UseSerialGC")
                .option("-XX:SurvivorRatio=3") // as in java.options
                .option("-XX:+ExitOnOutOfMemoryError")
                .start();
        await().atMost(Duration.ofMinutes(2)).until(() -> consumer.left() == 0 || !process.isRunning());
        assertEquals(0, consumer.left(), process.output());
        assertFalse(process.output().contains("trying again"), process.output());
    }

    @Test
    void anAnswerThatIsLargerThanTheMemoryIsWritten() throws Exception {
        int records = 160;
        for (int i = 0; i < records; i++) {
            offer("c" + i, 1);
        }
        run("128m");
        assertEquals(
                records + "|" + MEGABYTE, database.value("select count(*), min(length(name)) from stripe.customers"));
        assertEquals("0", database.value("select count(*) from sequin.dead_letters"));
    }

    @Test
    void aRecordBeyondTheLimitIsADeadLetterKeptWhole() throws Exception {
        offer("small", 1);
        offer("allowed", 15);
        offer("large", 16);
        offer("huge", 64);
        run("256m");
        assertEquals("2", database.value("select count(*) from stripe.customers"));
        assertEquals(
                "huge|large",
                String.join(
                        "|",
                        database.rows("select record_id from sequin.dead_letters where sqlstate = '54000'"
                                + " and reason = 'rejected' and length(message) > 16 * 1024 * 1024"
                                + " and message like '{\"ack_token\":%' and right(message, 2) = '}}'"
                                + " and error like 'the record has % bytes, more than sequin.max-record-size = 16777216%'"
                                + " order by record_id")));
    }

    /** docs/promises.md 61: as many at once as fit, whatever their sizes. */
    @Test
    void manyLargeDeadLettersAreReplayed() throws Exception {
        assertEquals(0, process.start("migrate").exitStatus());
        database.execute("""
                insert into sequin.dead_letters (consumer, collection, record_id, version, reason, error, message)
                select 'test', 'stripe:customer', 'c' || i, 1, 'rejected', '', format(
                  '{"ack_token": "t", "record": {"collection_id": "stripe:customer", "id": "c%s", "updated_idx": 1,'
                  ' "data": {"name": "%s"}}}', i, repeat('0123456789abcdef', 5 * 1024 * 1024 / 16))
                from generate_series(1, 60) i""");
        process.option("-Xmx112m").option("-XX:+UseSerialGC").option("-XX:+ExitOnOutOfMemoryError");
        process.start("replay", "--all");
        await().atMost(Duration.ofMinutes(3)).until(() -> !process.isRunning());
        assertEquals(0, process.exitStatus(), process.output());
        assertEquals("60|" + 5 * MEGABYTE, database.value("select count(*), min(length(name)) from stripe.customers"));
        assertEquals("60", database.value("select count(*) from sequin.dead_letters where replayed_at is not null"));
    }
}
