package io.github.sequinroutes.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
