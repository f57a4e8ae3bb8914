package io.github.sequinroutes.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.sandbox.stream.StreamMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** At each ack, before it is applied: is every change in it committed, as another connection sees it? */
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

    /** The acked changes of a collection, column by column. */
    private static final class Changes {
        final List<String> ids = new ArrayList<>();
        final List<Long> lsns = new ArrayList<>();
        final List<Long> indexes = new ArrayList<>();
        final List<String> changes = new ArrayList<>();

        void add(String id, JsonNode metadata) {
            JsonNode lsn = metadata.get("commit_lsn");
            JsonNode index = metadata.get("commit_idx");
            ids.add(id);
            lsns.add(lsn.isNull() ? null : lsn.asLong());
            indexes.add(index.isNull() ? null : index.asLong());
            changes.add(metadata.get("idempotency_key").asText());
        }
    }

    private final AckAudit audit;

    RowAcks(AckAudit audit) {
        this.audit = audit;
    }

    @Override
    public void accept(List<StreamMessage> messages) {
        Map<RowSubject, Changes> bySubject = new LinkedHashMap<>();
        List<String> homeless = new ArrayList<>();
        for (StreamMessage message : messages) {
            JsonNode change = parse(message.json());
            Optional<RowSubject> subject = RowSubject.of(message.collection());
            if (subject.isEmpty()) {
                homeless.add(change.at("/metadata/idempotency_key").asText());
                continue;
            }
            Changes some = bySubject.computeIfAbsent(subject.get(), s -> new Changes());
            some.add(message.key().get(0), change.get("metadata"));
            // the row has left its old key, too
            if (change.path("changes").has("id")) {
                some.add(change.at("/changes/id").asText(), change.get("metadata"));
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
        audit.acked(messages.size());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
