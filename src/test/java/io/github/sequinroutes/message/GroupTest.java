package io.github.sequinroutes.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GroupTest {
    private static Message version(Long version) {
        String json = "{\"record\": {\"id\": \"a\", \"collection_id\": \"c\""
                + (version == null ? "" : ", \"updated_idx\": " + version) + "}}";
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("consume").format());
    }

    /** The versions of one record, the one to write first, when they come in this order. */
    private static List<Long> order(Long... versions) {
        List<Message> newest =
                Group.newest(Arrays.stream(versions).map(GroupTest::version).toList());
        assertEquals(1, newest.size());
        List<Long> order = new ArrayList<>();
        for (Message message = newest.get(0); message != null; message = message.older()) {
            order.add(message.version() == null ? null : message.version().number());
        }
        return order;
    }

    @Test
    void theHighestVersionComesFirstAndOfEqualOnesTheLater() {
        assertEquals(List.of(3L, 2L, 1L), order(2L, 3L, 1L));
        assertEquals(List.of(3L, 2L, 1L), order(1L, 2L, 3L));
        List<Message> twice = List.of(version(1L), version(1L));
        assertEquals(twice.get(1), Group.newest(twice).get(0));
    }

    @Test
    void aMessageWithoutAVersionNeverPutsAnOldOneFirst() {
        assertEquals(Arrays.asList(null, 2L, 1L), order(2L, null, 1L));
        assertEquals(Arrays.asList(3L, null, 2L, 1L), order(2L, null, 1L, 3L));
    }

    /** A record of the Consume API has been read by no backfill, whatever its version. */
    @Test
    void theVersionZeroIsAVersion() {
        assertFalse(version(0L).isRead());
        assertTrue(change("a", 0, "read", "x").isRead());
    }

    private static Message change(String id, int lsn, String action, String body) {
        String json = "{\"ack_id\":\"t\",\"data\":{\"record\":{\"id\":\"" + id + "\",\"body\":\"" + body
                + "\"},\"changes\":{},\"action\":\"" + action + "\",\"metadata\":{\"table_schema\":\"s\","
                + "\"table_name\":\"t\",\"commit_lsn\":" + lsn + ",\"commit_idx\":0,\"record_pks\":[\"" + id
                + "\"]}}}";
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("stream").format());
    }

    private static List<List<String>> rounds(Message... messages) {
        return Group.rounds(List.of(messages)).stream()
                .map(round -> round.stream()
                        .map(message -> message.id() + message.version())
                        .toList())
                .toList();
    }

    /** From the older version the row has the value that has not changed. */
    @Test
    void aVersionThatLacksValuesIsWrittenAfterTheOlderOnes() {
        assertEquals(
                List.of(List.of("a2", "b1"), List.of("a3"), List.of("a4")),
                rounds(
                        change("a", 1, "update", "x"),
                        change("a", 4, "update", "unchanged_toast"),
                        change("b", 1, "insert", "x"),
                        change("a", 2, "update", "y"),
                        change("a", 3, "update", "unchanged_toast")));
        assertEquals(
                List.of(List.of("a3")),
                rounds(change("a", 2, "update", "unchanged_toast"), change("a", 3, "update", "z")));
        assertEquals(List.of(List.of("a1")), rounds(change("a", 1, "update", "unchanged_toast")));
    }

    @Test
    void aVersionThatLacksValuesWaitsForTheOlderOne() {
        Message older = change("a", 1, "insert", "x");
        Message newer = change("a", 2, "update", "unchanged_toast");
        Group.rounds(List.of(older, newer));
        assertTrue(newer.mustWait());
        older.leaveUnacked();
        assertTrue(newer.mustWait());
        older.reject(new Rejection("rejected", null, "bad"));
        assertFalse(newer.mustWait());
        assertTrue(newer.isForsaken());
        older.retry();
        assertTrue(newer.mustWait());
        older.written();
        assertFalse(newer.mustWait());
    }

    /** Of three versions the last needs what the first would have brought, also when the second left it out and was rejected. */
    @Test
    void aVersionIsForsakenByThoseThatHaveWhatItLacks() {
        Message first = change("a", 1, "insert", "x");
        Message second = change("a", 2, "update", "unchanged_toast");
        Message third = change("a", 3, "update", "unchanged_toast");
        Group.rounds(List.of(first, second, third));
        second.reject(new Rejection("rejected", null, "bad"));
        assertFalse(third.isForsaken());
        first.reject(new Rejection("rejected", null, "bad"));
        assertTrue(third.isForsaken());
    }
}
