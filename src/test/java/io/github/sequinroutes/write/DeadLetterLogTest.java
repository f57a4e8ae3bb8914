package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** docs/promises.md 74: dead letters are told at once, and soon after that, and then once a minute for each reason. */
class DeadLetterLogTest {
    private static final String SEE = ". See table sequin.dead_letters, or the command replay.";

    private long now;

    private static List<Message> rejected(int count, String sqlState) {
        return rejected(count, TestRecord.of("log:dead", "a", 1, "{}"), "rejected", sqlState);
    }

    private static List<Message> rejected(int count, String record, String reason, String sqlState) {
        Message message = StoredMessages.read(
                ("{\"record\": " + record + "}").getBytes(StandardCharsets.UTF_8),
                SequinApi.of("consume").format());
        message.reject(new Rejection(reason, sqlState, "wrong"));
        message.settle(Outcome.DEAD_LETTERED);
        return Collections.nCopies(count, message);
    }

    @Test
    void oneOfSeveralBundlesIsNamed() {
        DeadLetterLog letters = new DeadLetterLog(() -> now);
        try (LogWatch log = new LogWatch("log:named")) {
            letters.nameBundle("west");
            letters.count(rejected(1, TestRecord.of("log:named", "a", 1, "{}"), "rejected", "22P02"));
            assertEquals(
                    List.of("WARN Bundle west: 1 message became a dead letter: rejected (SQLSTATE 22P02), of log:named"
                            + SEE),
                    log.lines(""));
        }
    }

    @Test
    void onceAMinuteForEachReason() {
        DeadLetterLog letters = new DeadLetterLog(() -> now);
        try (LogWatch log = new LogWatch("log:dead")) {
            letters.count(rejected(2, "22P02"));
            letters.count(rejected(1, null));
            letters.count(rejected(7, "22P02"));
            letters.count(rejected(1, "3", "no record, log:dead", null));
            now += TimeUnit.SECONDS.toNanos(1);
            letters.count(rejected(2, "22P02"));
            now += TimeUnit.SECONDS.toNanos(3);
            letters.tell();
            now += TimeUnit.SECONDS.toNanos(1);
            letters.tell(); // what came at once with the first
            letters.count(rejected(3, "22P02"));
            now += TimeUnit.SECONDS.toNanos(59);
            letters.tell();
            letters.count(rejected(5, "22P02"));
            now += TimeUnit.SECONDS.toNanos(1);
            letters.tell();
            now += TimeUnit.HOURS.toNanos(1);
            letters.tell();
            letters.count(rejected(1, "22P02"));
            letters.count(rejected(300, "22P02"));
            now += TimeUnit.SECONDS.toNanos(1);
            letters.tellAll(); // the end
            letters.tellAll();
            assertEquals(
                    List.of(
                            "WARN 2 messages became dead letters: rejected (SQLSTATE 22P02), of log:dead" + SEE,
                            "WARN 1 message became a dead letter: rejected, of log:dead" + SEE,
                            "WARN 1 message became a dead letter: no record, log:dead, of no collection" + SEE,
                            "WARN 9 messages became dead letters: rejected (SQLSTATE 22P02), of log:dead;"
                                    + " in 1 s, 11 in all" + SEE,
                            "WARN 8 messages became dead letters: rejected (SQLSTATE 22P02), of log:dead;"
                                    + " in 59 s, 19 in all" + SEE,
                            "WARN 1 message became a dead letter: rejected (SQLSTATE 22P02), of log:dead; 20 in all"
                                    + SEE,
                            "WARN 300 messages became dead letters: rejected (SQLSTATE 22P02), of log:dead;"
                                    + " within 1 s, 320 in all" + SEE),
                    log.lines(""));
        }
    }
}
