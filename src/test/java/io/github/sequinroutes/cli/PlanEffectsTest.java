package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code plan} says of rows is what becomes of them, whatever a message says. */
@Tag("postgres")
class PlanEffectsTest {
    private static final Pattern BLOCK = Pattern.compile("(?:^ {4}.*\\n)+", Pattern.MULTILINE);

    private static final String MARKING = """
            insert into notes as t (id, updated_idx, deleted, body)
            values (:#id, :#updated_idx, :#deleted, :#data.body)
            on conflict (id) do update set updated_idx = excluded.updated_idx, deleted = excluded.deleted
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""";

    private static String deletion(String collection, String id, long version) {
        return TestRecord.of(collection, id, version, true, "null");
    }

    private static List<String> plan(TestBundle bundle) throws Exception {
        List<String> lines = CommandRun.of(bundle, "plan").lines();
        return lines.subList(0, lines.size() - 1);
    }

    /** Of a deletion that changes a row one cannot tell by the message whether the row is marked. */
    @Test
    void deletionsByAnUpsert() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            for (String table : List.of("marked", "forgotten", "inserted", "vanishing")) {
                bundle.database().execute("""
                        create table %1$s (id text primary key, updated_idx bigint, deleted boolean, body text);
                        insert into %1$s values ('alive', 1, false, 'b'), ('gone', 1, true, 'b'), ('newer', 9, false, 'b')""".formatted(table));
            }
            bundle.database().execute("""
                    create function vanish() returns trigger language plpgsql as
                      $$ begin delete from vanishing where id = new.id; return null; end $$;
                    create trigger t after update on vanishing for each row when (new.deleted) execute function vanish()""");
            bundle.collection("a:marks", MARKING.replace("notes", "marked"))
                    .collection(
                            "b:forgets", MARKING.replace("notes", "forgotten").replace(":#deleted", "false"))
                    .collection(
                            "c:inserts",
                            MARKING.replace("notes", "inserted").replace(", deleted = excluded.deleted", ""))
                    .collection("d:vanishes", MARKING.replace("notes", "vanishing"));
            for (String collection : List.of("a:marks", "b:forgets", "c:inserts", "d:vanishes")) {
                for (String id : List.of("alive", "gone", "newer", "never")) {
                    bundle.offer(deletion(collection, id, 2));
                }
            }
            String stays = "  ignored           1   newer: its row is newer, or is never changed";
            assertEquals(
                    List.of(
                            "a:marks: 4 messages",
                            "  inserted          1   never: as deleted",
                            "  updated           1   gone",
                            "  deleted           1   alive",
                            stays,
                            "b:forgets: 4 messages",
                            "  inserted          1   never: a deletion, which the template does not look at",
                            "  updated           2   alive, gone: a deletion, which the template does not look at",
                            stays,
                            "c:inserts: 4 messages",
                            "  inserted          1   never: as deleted",
                            "  updated           2   alive, gone",
                            stays,
                            "d:vanishes: 4 messages",
                            "  inserted          1   never: as deleted",
                            "  deleted           2   alive, gone",
                            stays),
                    plan(bundle));
        }
    }

    /** As at the start of a run. */
    @Test
    void whatRunWouldPauseIsPaused() throws Exception {
        try (TestBundle bundle = new TestBundle().set("sequin.check", "pause")) {
            bundle.database()
                    .execute(
                            "create table notes (id text primary key, updated_idx bigint, deleted boolean, body text)");
            bundle.collection("a:marks", MARKING)
                    .collection("b:unguarded", MARKING.replaceFirst("(?s)\\s+where.*", ""))
                    .offer(deletion("a:marks", "a", 2), deletion("b:unguarded", "a", 2));
            List<String> lines = plan(bundle);
            assertEquals(
                    List.of("a:marks: 1 message", "  inserted          1   a: as deleted", "b:unguarded: 1 message"),
                    lines.subList(0, 3));
            assertEquals(4, lines.size(), lines.toString());
            assertEquals(
                    "  paused            1   a: b-unguarded.upsert.sql:3:1: no guard",
                    lines.get(3).replaceFirst("(no guard).*", "$1"));
            assertEquals(1, CommandRun.of(bundle, "plan").status());
            bundle.set("sequin.check", "log");
            assertEquals("  updated           1   a", plan(bundle).get(3));
        }
    }

    /** docs/plan.md: its example, with the files of the README. */
    @Test
    void theExampleOfTheDocument() throws Exception {
        Matcher blocks = BLOCK.matcher(Files.readString(Path.of("docs/plan.md")));
        String example = blocks.results()
                .map(block -> block.group().indent(-4))
                .filter(block -> block.startsWith("acme:order: "))
                .findFirst()
                .orElseThrow();
        try (TestBundle bundle = new TestBundle()) {
            readme(bundle);
            bundle.database().execute("""
                    insert into acme.orders values ('o-3', 1, 'c', 1, '[]'), ('o-4', 1, 'c', 1, '[]'), ('o-5', 9, 'c', 1, '[]')""");
            String data = "{\"customer\": {\"id\": \"c\"}, \"total\": 1, \"lines\": []}";
            for (String id : List.of("o-1", "o-2", "o-3", "o-5")) {
                bundle.offer(TestRecord.of("acme:order", id, 2, data));
            }
            bundle.offer(
                    TestRecord.of("acme:order", "o-2", 3, data),
                    deletion("acme:order", "o-4", 2),
                    deletion("acme:order", "o-6", 2),
                    TestRecord.of("acme:order", "o-8", 1, data.replace(": 1", ": \"many\"")),
                    TestRecord.of("acme:order", "o-9", 1, "{\"total\": 1, \"lines\": []}"),
                    TestRecord.of("acme:ordr", "x", 1, "{}"));
            assertEquals(
                    example,
                    CommandRun.of(bundle, "plan").output().replace("acme-order.u", "routes/collections/acme-order.u"));
        }
    }

    /** The table and the files that it has. */
    private static void readme(TestBundle bundle) throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(block -> block.group().indent(-4))
                .toList();
        for (String block : blocks) {
            String file = block.startsWith("insert into acme.")
                    ? "acme-order.upsert.sql"
                    : block.startsWith("delete from acme.")
                            ? "acme-order.delete.sql"
                            : block.startsWith("- templatedRoute:") ? "acme-order.camel.yaml" : null;
            if (file != null) {
                Files.writeString(bundle.routes().resolve("collections").resolve(file), block);
            } else if (block.startsWith("create schema acme")) {
                bundle.database().execute(block);
            }
        }
    }
}
