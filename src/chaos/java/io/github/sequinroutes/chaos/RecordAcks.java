package io.github.sequinroutes.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** At each ack, before it is applied: is every record of it committed, as another connection sees it? */
final class RecordAcks implements Consumer<List<String>> {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** In their table: this version or a newer one; without a version, any. Or else a dead letter. */
    private static final String IN_TABLE = """
            select r.id || ' ' || coalesce(r.version::text, '-')
            from unnest(?::text[], ?::bigint[], ?::text[]) as r (id, version, json)
            where not exists (
                select from %s t where t.id = r.id and t.sound and (t.version >= r.version or r.version is null))
              and not exists (
                select from audit.dead_letters d where d.collection = ? and d.record_id = r.id
                  and case when r.version is null then d.record = r.json else d.version = r.version end)""";

    private static final String IN_DEAD_LETTERS = """
            select r.json from unnest(?::text[], ?::text[]) as r (id, json)
            where not exists (select from audit.dead_letters d where d.record_id = r.id and d.record = r.json)
              and not (r.id is null and exists (
                select from audit.dead_letters d where d.record_id is null and d.record = r.json))""";

    /** The acked records of a collection, column by column. */
    private static final class Records {
        final List<String> ids = new ArrayList<>();
        final List<Long> versions = new ArrayList<>();
        final List<String> jsons = new ArrayList<>();
    }

    private final AckAudit audit;

    RecordAcks(AckAudit audit) {
        this.audit = audit;
    }

    @Override
    public void accept(List<String> records) {
        Map<RecordSubject, Records> bySubject = new LinkedHashMap<>();
        Records homeless = new Records();
        for (String json : records) {
            JsonNode record = parse(json);
            Optional<RecordSubject> subject =
                    RecordSubject.of(record.path("collection_id").asText());
            if (subject.isEmpty() || !record.has("id")) {
                homeless.ids.add(record.path("id").asText(null));
                homeless.jsons.add(json);
                continue;
            }
            Records some = bySubject.computeIfAbsent(subject.get(), s -> new Records());
            some.ids.add(record.get("id").asText());
            some.versions.add(
                    record.has("updated_idx") ? record.get("updated_idx").asLong() : null);
            some.jsons.add(json);
        }
        bySubject.forEach(
                (subject, some) -> audit.check(subject.collection(), IN_TABLE.formatted(subject.view()), (c, s) -> {
                    s.setArray(1, c.createArrayOf("text", some.ids.toArray()));
                    s.setArray(2, c.createArrayOf("bigint", some.versions.toArray()));
                    s.setArray(3, c.createArrayOf("text", some.jsons.toArray()));
                    s.setString(4, subject.collection());
                }));
        if (!homeless.jsons.isEmpty()) {
            audit.check("dead letters", IN_DEAD_LETTERS, (c, s) -> {
                s.setArray(1, c.createArrayOf("text", homeless.ids.toArray()));
                s.setArray(2, c.createArrayOf("text", homeless.jsons.toArray()));
            });
        }
        audit.acked(records.size());
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
