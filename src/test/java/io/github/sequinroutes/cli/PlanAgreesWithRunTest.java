package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code plan} says of a batch is what becomes of it: random batches, of which some records are rejected. */
@Tag("long")
@Tag("postgres")
class PlanAgreesWithRunTest {
    private static final int MESSAGES = 150;
    private static final int ROWS = 25;
    private static final Set<String> WRITTEN = Set.of("inserted", "updated", "deleted", "written", "ignored");

    private static final String TABLES = """
            create table parents (id text primary key, updated_idx bigint, deleted boolean, total numeric not null);
            create table children (id text primary key, updated_idx bigint, parent text references parents, total numeric);
            insert into parents select 'p' || n, n %% 7, n %% 5 = 0, n from generate_series(1, 12) n;
            insert into children select 'c' || n, n %% 7, 'p' || n, n from generate_series(1, 12) n""".replace("%%", "%");

    private static final String PARENT = """
            insert into parents as t (id, updated_idx, deleted, total)
            values (:#id, :#updated_idx, :#deleted, coalesce(:#data.total, 0))
            on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted,
              total = excluded.total
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""";

    private static final String CHILD = """
            insert into children as t (id, updated_idx, parent, total)
            values (:#id, :#updated_idx, :#data.parent, :#data.total)
            on conflict (id) do update set updated_idx = excluded.updated_idx, parent = excluded.parent,
              total = excluded.total
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""";

    private static final String DELETE =
            "delete from children where id = :#id and (updated_idx is null or updated_idx <= :#updated_idx)";

    private static String record(Random random) {
        boolean isChild = random.nextBoolean();
        String id = (isChild ? "c" : "p") + (1 + random.nextInt(ROWS));
        // versions are unique, so that nothing depends on the order of arrival
        long version = random.nextInt(1_000_000);
        String total = random.nextInt(6) == 0 ? "\"many\"" : Integer.toString(random.nextInt(9));
        String parent = random.nextInt(8) == 0 ? "nobody" : "p" + (1 + random.nextInt(ROWS));
        boolean isDeleted = random.nextInt(5) == 0;
        return TestRecord.of(
                isChild ? "acme:child" : "acme:parent",
                id,
                version,
                isDeleted,
                isDeleted ? "null" : "{\"parent\": \"%s\", \"total\": %s}".formatted(parent, total));
    }

    private static Map<String, String> rows(TestDatabase database) throws Exception {
        Map<String, String> rows = new HashMap<>();
        for (String row : database.rows("select id, updated_idx, coalesce(deleted, false), total from parents"
                + " union all select id, updated_idx, false, total from children")) {
            rows.put(row.substring(0, row.indexOf('|')), row);
        }
        return rows;
    }

    @Test
    void aRandomBatch() throws Exception {
        long seed = Long.getLong("plan.seed", System.nanoTime());
        System.out.println("-Dplan.seed=" + seed);
        Random random = new Random(seed);
        try (TestBundle bundle = new TestBundle().set("sequin.workers", "1").set("sequin.batch-size", "1000")) {
            bundle.database().execute(TABLES);
            bundle.collection("acme:parent", PARENT).collection("acme:child", CHILD);
            Path collections = bundle.routes().resolve("collections");
            Files.writeString(collections.resolve("acme-child.delete.sql"), DELETE);
            Path route = collections.resolve("acme-child.camel.yaml");
            Files.writeString(
                    route, Files.readString(route) + "      - name: delete\n        value: acme-child.delete.sql\n");
            String[] batch = new String[MESSAGES];
            for (int i = 0; i < batch.length; i++) {
                batch[i] = record(random);
            }
            bundle.offer(batch);
            Map<String, String> before = rows(bundle.database());
            JsonNode plan = new ObjectMapper()
                    .readTree(CommandRun.of(bundle, "plan", "--json").output());
            assertEquals(before, rows(bundle.database()));
            bundle.start().awaitDrained();
            assertEquals(counted(bundle), planned(plan), "-Dplan.seed=" + seed);
            assertEquals(happened(before, rows(bundle.database())), foretold(plan), "-Dplan.seed=" + seed);
            assertEquals(
                    new TreeSet<>(bundle.database()
                            .rows("select collection, record_id, reason, sqlstate, version from sequin.dead_letters")),
                    deadLetters(plan),
                    "-Dplan.seed=" + seed);
        }
    }

    private static String change(Random random, long version) {
        int id = 1 + random.nextInt(8);
        String action = List.of("insert", "update", "update", "delete").get(random.nextInt(4));
        String name = random.nextInt(7) == 0 ? "\\u0000" : "n" + random.nextInt(9);
        boolean isLacking = action.equals("update") && random.nextBoolean();
        String record = action.equals("delete")
                ? "{\"id\": %d, \"name\": null, \"note\": null}".formatted(id)
                : "{\"id\": %d, \"name\": \"%s\", \"note\": \"%s\"}"
                        .formatted(id, name, isLacking ? "unchanged_toast" : "x");
        String change = Replication.change(action, "items", Integer.toString(id), version + ".0", record)
                .replace("\n", "");
        return isLacking ? change.replace("\"changes\": null", "\"changes\": {}") : change;
    }

    /** Updates leave values out, which others below them bring, or which nobody brings. */
    @Test
    void aRandomBatchOfChanges() throws Exception {
        long seed = Long.getLong("plan.seed", System.nanoTime());
        System.out.println("-Dplan.seed=" + seed);
        Random random = new Random(seed);
        try (Replication replication =
                new Replication("create table items (id int primary key, name text, note text)")) {
            assertEquals(
                    0,
                    replication.scaffold("--table", "public.items", "--apply").status());
            List<String> before = new ArrayList<>();
            List<String> batch = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                before.add(change(random, 1 + random.nextInt(100)));
            }
            for (int i = 0; i < 60; i++) {
                batch.add(change(random, 10 + i));
            }
            Collections.shuffle(batch, random);
            replication.send(before);
            replication.write("sample.jsonl", String.join("\n", batch));
            List<String> lines = replication
                    .run("plan", "--json", "--sample", replication.path("sample.jsonl"))
                    .lines();
            List<String> planned = messages(new ObjectMapper().readTree(String.join("\n", lines))).stream()
                    .map(message -> message.get("effect").asText())
                    .map(effect -> WRITTEN.contains(effect) ? "written" : effect)
                    .toList();
            List<String> happened = replication.send(batch).stream()
                    .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                    .toList();
            assertEquals(happened, planned, "-Dplan.seed=" + seed);
        }
    }

    private static List<JsonNode> messages(JsonNode plan) {
        List<JsonNode> messages = new ArrayList<>();
        plan.get("collections").forEach(collection -> collection.get("messages").forEach(messages::add));
        return messages;
    }

    /** By outcome: a row that stays as it is was written all the same. */
    private static Map<String, Long> planned(JsonNode plan) {
        Map<String, Long> counts = new TreeMap<>();
        for (JsonNode message : messages(plan)) {
            String effect = message.get("effect").asText();
            counts.merge(WRITTEN.contains(effect) ? "written" : effect, 1L, Long::sum);
        }
        return counts;
    }

    private static Map<String, Long> counted(TestBundle bundle) {
        Map<String, Long> counts = new TreeMap<>();
        for (Outcome outcome : List.of(Outcome.WRITTEN, Outcome.SUPERSEDED, Outcome.DEAD_LETTERED)) {
            long count = bundle.standalone().bundle().collections().outcomes().of(outcome);
            counts.put(outcome.name().toLowerCase(Locale.ROOT), count);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    /** What has become of each row that has changed. */
    private static Map<String, String> happened(Map<String, String> before, Map<String, String> after) {
        Map<String, String> effects = new TreeMap<>();
        after.forEach((id, row) -> {
            String old = before.get(id);
            if (old == null) {
                effects.put(id, "inserted");
            } else if (!old.equals(row)) {
                boolean isMarked = row.contains("|t|") && old.contains("|f|");
                effects.put(id, isMarked ? "deleted" : "updated");
            }
        });
        before.keySet().stream().filter(id -> !after.containsKey(id)).forEach(id -> effects.put(id, "deleted"));
        return effects;
    }

    private static Map<String, String> foretold(JsonNode plan) {
        Map<String, String> effects = new TreeMap<>();
        for (JsonNode message : messages(plan)) {
            String effect = message.get("effect").asText();
            if (Set.of("inserted", "updated", "deleted").contains(effect)) {
                effects.put(message.get("id").asText(), effect);
            }
        }
        return effects;
    }

    private static Set<String> deadLetters(JsonNode plan) {
        Set<String> letters = new TreeSet<>();
        for (JsonNode collection : plan.get("collections")) {
            for (JsonNode message : collection.get("messages")) {
                if (message.get("effect").asText().equals("dead_lettered")) {
                    letters.add(String.join(
                            "|",
                            collection.get("collection").asText(),
                            message.get("id").asText(),
                            message.get("reason").asText(),
                            message.get("sqlstate").asText(),
                            message.get("version").asText()));
                }
            }
        }
        return letters;
    }
}
