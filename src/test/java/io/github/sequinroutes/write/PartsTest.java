package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static List<Message> records(int count) {
        List<Message> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record("r%05d".formatted(i), 1));
        }
        return records;
    }

    private static Message record(String id, long version) {
        String json = TestRecord.of("test:thing", id, version, "{}");
        return StoredMessages.read(
                ("{\"record\": " + json + "}").getBytes(StandardCharsets.UTF_8),
                SequinApi.of("consume").format());
    }

    /** Writes all but these, and returns how many transactions that took. */
    private static int write(List<Message> records, int limit, Set<Message> poison, List<Message> written) {
        Parts parts = new Parts();
        parts.add(records, limit);
        int transactions = 0;
        while (!parts.isEmpty()) {
            List<Message> part = parts.next();
            transactions++;
            if (Collections.disjoint(part, poison)) {
                written.addAll(part);
            } else if (part.size() > 1) {
                parts.halve(part);
            }
        }
        return transactions;
    }

    @Test
    void oneOfAThousandIsIsolatedInNoMoreThanTwentyOneTransactions() {
        List<Message> records = records(1_000);
        int max = 0;
        for (Message poison : records) {
            List<Message> written = new ArrayList<>();
            max = Math.max(max, write(records, 1_000, Set.of(poison), written));
            assertEquals(999, written.size());
        }
        assertEquals(21, max);
    }

    @Test
    void theOthersAreWrittenOnceAndInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            List<Message> records = records(1 + random.nextInt(200));
            Set<Message> poison = new HashSet<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                poison.add(records.get(random.nextInt(records.size())));
            }
            List<Message> expected = new ArrayList<>(records);
            expected.removeAll(poison);
            List<Message> written = new ArrayList<>();
            write(records, 1 + random.nextInt(200), poison, written);
            assertEquals(expected, written, "seed " + seed);
        }
    }

    @Test
    void anOlderVersionComesNext() {
        Message newest = Group.newest(List.of(record("a", 1), record("a", 2))).get(0);
        Parts parts = new Parts();
        parts.add(records(2), 1);
        parts.olderOf(newest);
        assertEquals(List.of(newest.older()), parts.next());
        parts.olderOf(newest.older());
        parts.next();
        parts.next();
        assertTrue(parts.isEmpty());
    }
}
