package io.github.sequinroutes.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.stream.StreamMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * At each ack, before it is applied: is every change in it committed, as another connection sees it, and whatever newer
 * change of its row was acked before?
 */
final class RowAcks implements Consumer<List<StreamMessage>> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** In their table: this version or a newer one; of what a backfill has read, any. Or else a dead letter. */
    private static final String IN_TABLE = """
            select concat_ws(' ', r.id, r.lsn, r.idx, r.change)
            from unnest(?::text[], ?::bigint[], ?::bigint[], ?::text[]) as r (id, lsn, idx, change)
            where not exists (
                select from %s t where t.id = r.id and t.sound and ((t.lsn, t.idx) >= (r.lsn, r.idx) or r.lsn is null))
              and not exists (
                select from audit.dead_letters d where d.collection = ? and d.change = r.change)""";

    private static final String IN_DEAD_LETTERS = """
            select r.change from unnest(?::text[]) as r (change)
            where not exists (select from audit.dead_letters d where d.change = r.change)""";

    private record Row(RowSubject subject, String id) {}

    /** A change: its version, null if a backfill has read it, and what tells it from all others. */
    private record Change(Long lsn, Long index, String key) {
        static Change of(JsonNode metadata) {
            JsonNode lsn = metadata.get("commit_lsn");
            JsonNode index = metadata.get("commit_idx");
            return new Change(
                    lsn.isNull() ? null : lsn.asLong(),
                    index.isNull() ? null : index.asLong(),
                    metadata.get("idempotency_key").asText());
        }

        boolean isNewerThan(Change other) {
            return lsn != null
                    && (other.lsn == null || lsn > other.lsn || (lsn.equals(other.lsn) && index > other.index));
        }
    }

    /** The acked changes of a collection, column by column. */
    private static final class Changes {
        final List<String> ids = new ArrayList<>();
        final List<Long> lsns = new ArrayList<>();
        final List<Long> indexes = new ArrayList<>();
        final List<String> changes = new ArrayList<>();

        void add(String id, Change change) {
            ids.add(id);
            lsns.add(change.lsn);
            indexes.add(change.index);
            changes.add(change.key);
        }
    }

    private final AckAudit audit;
    private final Map<Row, Change> newest = new ConcurrentHashMap<>();

    RowAcks(AckAudit audit) {
        this.audit = audit;
    }

    @Override
    public void accept(List<StreamMessage> messages) {
        Map<RowSubject, Changes> bySubject = new LinkedHashMap<>();
        Map<Row, Change> acked = new HashMap<>();
        List<String> homeless = new ArrayList<>();
        for (StreamMessage message : messages) {
            JsonNode change = parse(message.json());
            Optional<RowSubject> subject = RowSubject.of(message.collection());
            if (subject.isEmpty()) {
                homeless.add(change.at("/metadata/idempotency_key").asText());
                continue;
            }
            List<String> ids = new ArrayList<>(List.of(message.key().get(0)));
            // the row has left its old key, too
            if (change.path("changes").has("id")) {
                ids.add(change.at("/changes/id").asText());
            }
            for (String id : ids) {
                Row row = new Row(subject.get(), id);
                Change own = Change.of(change.get("metadata"));
                Change known = newest.getOrDefault(row, own);
                Changes some = bySubject.computeIfAbsent(subject.get(), s -> new Changes());
                some.add(id, own);
                if (known.isNewerThan(own)) {
                    some.add(id, known); // it came again, and must not have taken the row back
                }
                acked.merge(row, own, RowAcks::newer);
            }
        }
        bySubject.forEach(
                (subject, some) -> audit.check(subject.collection(), IN_TABLE.formatted(subject.view()), (c, s) -> {
                    s.setArray(1, c.createArrayOf("text", some.ids.toArray()));
                    s.setArray(2, c.createArrayOf("bigint", some.lsns.toArray()));
                    s.setArray(3, c.createArrayOf("bigint", some.indexes.toArray()));
                    s.setArray(4, c.createArrayOf("text", some.changes.toArray()));
                    s.setString(5, subject.collection());
                }));
        if (!homeless.isEmpty()) {
            audit.check(
                    "dead letters",
                    IN_DEAD_LETTERS,
                    (c, s) -> s.setArray(1, c.createArrayOf("text", homeless.toArray())));
        }
        acked.forEach((row, change) -> newest.merge(row, change, RowAcks::newer));
        audit.acked(messages.size());
    }

    private static Change newer(Change one, Change other) {
        return other.isNewerThan(one) ? other : one;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
