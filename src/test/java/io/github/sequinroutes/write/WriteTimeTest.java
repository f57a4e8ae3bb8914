package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class WriteTimeTest {
    private static final long LEASE_MILLIS = 10_000;

    private final CollectionState state =
            new CollectionState("test:thing", LEASE_MILLIS, new CollectionCounters("test:thing"));
    private final WriteTime time = new WriteTime(state, new Lease(LEASE_MILLIS), true);

    private static long secondsAgo(int seconds) {
        return System.nanoTime() - TimeUnit.SECONDS.toNanos(seconds);
    }

    private double secondsSpent() {
        return LEASE_MILLIS / 1000.0 - state.nanosLeft(true) / 1e9;
    }

    /** To put off what can be written only fills the queue, for the others too. */
    @ParameterizedTest
    @CsvSource({"99, 1, 0.08", "50, 50, 4", "0, 7, 8", "1000, 0, 0"})
    void anIsolationIsChargedByTheShareOfTheRejected(int written, int rejected, double seconds) {
        time.charge(secondsAgo(8), time.bounds(null), written, rejected);
        assertEquals(seconds, secondsSpent(), 0.3);
    }

    @Test
    void whatTimedOutIsChargedInFull() {
        WriteTime.Bounds bounds = time.bounds(null);
        bounds.failed(
                1,
                new PSQLException(new ServerErrorMessage("C57014\0MIt took too long\0")),
                TimeUnit.SECONDS.toNanos(6));
        time.charge(secondsAgo(8), bounds, 100, 0);
        assertEquals(6, secondsSpent(), 0.3);
    }

    private static Message record(String id) {
        String json = "{\"record\": " + TestRecord.of("test:thing", id, 1, "{}") + "}";
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("consume").format());
    }

    /** A record that is only slow must not be convicted because others had used its time. */
    @Test
    void anAttemptCountsAsMuchAsItHadOfTheTime() {
        Suspects suspects = new Suspects();
        Message slow = record("slow");
        for (int i = 0; i < 19; i++) {
            suspects.failed(slow, 0.1);
        }
        assertFalse(suspects.isLast(slow));
        suspects.failed(slow, 1);
        assertTrue(suspects.isLast(slow));
    }

    @Test
    void whoWaitsForOthersIsNotAtFault() {
        Suspects suspects = new Suspects();
        Message locked = record("locked");
        suspects.failed(locked, 1);
        suspects.failed(locked, 1);
        assertTrue(suspects.isLast(locked));
        suspects.failedBecauseOfOthers(locked);
        assertTrue(suspects.has(locked));
        assertFalse(suspects.isLast(locked));
    }

    @ParameterizedTest
    @CsvSource({
        "40001, true",
        "40P01, true",
        "55P03, true",
        "08001, true",
        "53300, true",
        "57P01, true",
        "58030, true",
        "57014, false",
        "55000, false",
        "42501, false",
        "22P02, false"
    })
    void anotherServerThatIsAwayIsNoRecordsFault(String sqlState, boolean isCausedByOthers) {
        WriteException failure = new WriteException(WriteException.Step.EXECUTE, new SQLException("away", sqlState));
        assertEquals(isCausedByOthers, FailureClassifier.isCausedByOthers(failure));
    }
}
