package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReferencesTest {
    private static Message change(String action, String id) {
        String json = """
                {"data": {"record": {"id": "%s", "body": "unchanged_toast"}, "changes": {}, "action": "%s", "metadata":
                  {"table_schema": "public", "table_name": "t", "commit_lsn": 1, "commit_idx": 0, "record_pks": ["%1$s"]}}}""".formatted(id, action);
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("stream").format());
    }

    private static List<String> remembered(Message... records) {
        References references = new References();
        Stream.of(records).forEach(references::remember);
        return references.all().stream().map(Message::id).toList();
    }

    @Test
    void theLatestAreKept() {
        assertEquals(
                List.of("d", "c", "b"),
                remembered(change("insert", "a"), change("insert", "b"), change("insert", "c"), change("insert", "d")));
    }

    @Test
    void oneThatCanBeWrittenWhateverBecameOfItsRowIsKept() {
        assertEquals(
                List.of("f", "e", "b"),
                remembered(
                        change("insert", "a"),
                        change("insert", "b"),
                        change("update", "c"),
                        change("update", "d"),
                        change("update", "e"),
                        change("update", "f")));
    }

    @Test
    void whereAllLackValuesTheLatestAreKept() {
        assertEquals(
                List.of("d", "c", "b"),
                remembered(change("update", "a"), change("update", "b"), change("update", "c"), change("update", "d")));
    }
}
