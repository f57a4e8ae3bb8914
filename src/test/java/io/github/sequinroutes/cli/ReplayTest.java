package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.cli.ReplayRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ReplayTest {
    private static final String STATE =
            "select record_id, version, attempts, replayed_at is not null from sequin.dead_letters order by id";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Result replay(TestBundle bundle, String... arguments) throws Exception {
        return ReplayRun.of(bundle, arguments);
    }

    private static String subscription(String id, long version, String quantity) {
        return TestRecord.of("stripe:subscription", id, version, "{\"quantity\": " + quantity + "}");
    }

    /** Dead letters of three kinds; the bundle is stopped. */
    private static TestBundle deadLetters() throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.offer(
                        subscription("a", 5, "\"5\""),
                        subscription("b", 1, "\"many\""),
                        TestRecord.of("test:thing", "t", 1, "{\"x\": 1}"),
                        "[]")
                .database()
                .execute("alter table stripe.subscriptions add check (quantity <> 5)");
        bundle.start().awaitDrained();
        bundle.standalone().close();
        assertEquals(
                List.of("a|5|1|f", "b|1|1|f", "t|1|1|f", "~|~|1|f"),
                bundle.database().rows(STATE.replace("order by id", "order by record_id")));
        return bundle;
    }

    @Test
    void listsByCollectionReasonAndSqlState() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            Result result = replay(bundle);
            assertEquals(0, result.status());
            assertEquals("""
                    collection reason sqlstate pending replayed
                    stripe:subscription rejected 22P02 1 0
                    stripe:subscription rejected 23514 1 0
                    test:thing unknown-collection 1 0
                     malformed 1 0
                    """, counts(result));
        }
    }

    private static String counts(Result result) {
        return result.output().replaceAll(" +", " ").split("\nPending", -1)[0];
    }

    /** What has failed last comes first; whatever its error quotes, the place comes before it. */
    @Test
    void listsEachWithItsAgeAndError() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            bundle.database()
                    .execute("update sequin.dead_letters set last_failed_at = now() - case record_id when 'a' then"
                            + " interval '0' when 'b' then interval '3 minutes' when 't' then interval '5 hours' else"
                            + " interval '2 days' end, attempts = case when record_id = 'b' then 4 else 1 end, error = error || case when record_id = 't'"
                            + " then repeat('x', 400) else '' end");
            List<String> list = replay(bundle)
                    .output()
                    .replaceAll(" +", " ")
                    .replaceAll("(?m)^ \\d+ ", "ID ")
                    .replaceAll("\\S*/collections/", "")
                    .lines()
                    .skip(5)
                    .toList();
            assertEquals("", list.get(0));
            assertEquals("Pending, what failed last at first:", list.get(1));
            assertEquals(" id age attempts record and error", list.get(2));
            assertTrue(
                    list.get(3)
                            .matches("ID \\ds 1 stripe:subscription a, version 5: rejected:"
                                    + " stripe-subscription.upsert.sql:8:83: :#data.quantity for column quantity: new row for"
                                    + " relation \"subscriptions\" violates check constraint .*"),
                    list.get(3));
            assertEquals(
                    "ID 3m 4 stripe:subscription b, version 1: rejected: stripe-subscription.upsert.sql:8:83: "
                            + ":#data.quantity for column quantity: invalid input syntax for type bigint: \"many\""
                            + " (SQLSTATE 22P02)",
                    list.get(4));
            assertTrue(
                    list.get(5).startsWith("ID 5h 1 test:thing t, version 1: unknown-collection: no route for")
                            && list.get(5).endsWith("xxx... (--show has all)"),
                    list.get(5));
            assertEquals("ID 2d 1 (no collection) (no ID): malformed: the record is not an object", list.get(6));

            Result one = replay(bundle, "--list", "--limit", "1", "--collection", "stripe:subscription");
            assertTrue(one.output().contains("Pending, what failed last at first, 1 of 2 (--limit shows more):"));
            assertEquals(9, one.output().lines().count(), one.output());
            assertTrue(
                    one.output().endsWith("\n\nTo replay these 2, at once: replay --collection stripe:subscription\n"),
                    one.output());

            bundle.collection("test:thing", "insert into t (id) values (:#id) on conflict do nothing");
            String routed = replay(bundle).output();
            assertTrue(
                    routed.contains(
                            "test:thing t, version 1: unknown-collection: there was no route for it, and there is"
                                    + " one now: replay it\n"),
                    routed);
            assertTrue(routed.endsWith("\n\nTo replay these 4, at once: replay --all\n"), routed);
        }
    }

    @Test
    void jsonForPrograms() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            JsonNode list = JSON.readTree(
                    replay(bundle, "--json", "--list", "--reason", "rejected").output());
            assertEquals(2, list.get("counts").size());
            JsonNode bad =
                    list.get("dead_letters").get(0).get("record_id").asText().equals("b")
                            ? list.get("dead_letters").get(0)
                            : list.get("dead_letters").get(1);
            assertEquals("22P02", bad.get("sqlstate").textValue());
            assertEquals("1", bad.get("version").textValue());
            assertTrue(bad.get("error").textValue().contains(":#data.quantity"), bad.toString());
            assertTrue(bad.get("age_seconds").isIntegralNumber());
            String id = bad.get("id").asText();
            assertEquals(
                    "b",
                    JSON.readTree(replay(bundle, "--json", "--show", id).output())
                            .get("record_id")
                            .textValue());
            JsonNode replayed =
                    JSON.readTree(replay(bundle, "--json", "--id", id).output());
            assertEquals("0 1 0", replayed.get("replayed") + " " + replayed.get("failed") + " " + replayed.get("left"));
            assertEquals(id, replayed.at("/failures/0/id").asText());
            assertEquals("22P02", replayed.at("/failures/0/sqlstate").textValue());
        }
    }

    @Tag("long")
    @Test
    void refusesWhatHasNoDeadLetters() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            for (String[] options : List.of(
                    new String[] {"--collection", "stripe:subscriptoin"},
                    new String[] {"--discard", "--collection", "stripe:subscriptoin"})) {
                Result result = replay(bundle, options);
                assertEquals(2, result.status());
                assertTrue(
                        result.output()
                                .startsWith("There is no dead letter of the collection 'stripe:subscriptoin'; did you"
                                        + " mean stripe:subscription?"),
                        result.output());
            }
            assertEquals("4", bundle.database().value("select count(*) from sequin.dead_letters"));
            assertEquals(1, replay(bundle, "--id", "999999").status());
            assertEquals(2, replay(bundle, "--limit", "0").status());
            Result number = replay(bundle, "12");
            assertEquals(2, number.status());
            assertTrue(
                    number.output().contains("'12'; write --show 12 to see this dead letter, --id 12 to replay it\n"),
                    number.output());
            assertTrue(
                    replay(bundle, "--collection", "acme:zzz")
                            .output()
                            .contains("'acme:zzz'; there are of test:thing, stripe:subscription"),
                    "nothing is near");
        }
    }

    /** Nobody asks replay to do what run refuses. */
    @Test
    void aTemplateWithoutAGuardIsLeft() throws Exception {
        try (TestBundle bundle = deadLetters().set("sequin.check", "pause")) {
            Path upsert = bundle.routes().resolve("collections/stripe-subscription.upsert.sql");
            Files.writeString(
                    upsert, Files.readString(upsert).replaceFirst("(?s)where \\w+\\.updated_idx is null.*", ""));
            Result result = replay(bundle, "--collection", "stripe:subscription");
            assertEquals(1, result.status());
            List<String> lines = result.output().lines().toList();
            assertEquals("0 replayed, 0 failed again, 2 left because their collection is paused.", lines.get(0));
            assertTrue(lines.get(1).contains("no guard"), result.output());
        }
    }

    @Test
    void saysWhyACollectionIsLeft() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            bundle.database().execute("alter table stripe.subscriptions rename to away");
            Result result = replay(bundle, "--collection", "stripe:subscription");
            assertEquals(1, result.status());
            List<String> lines = result.output().lines().toList();
            assertEquals("0 replayed, 0 failed again, 2 left because their collection is paused.", lines.get(0));
            assertTrue(
                    lines.get(1).startsWith("stripe:subscription is paused: ")
                            && lines.get(1).contains("relation \"stripe.subscriptions\" does not exist"),
                    result.output());
        }
    }

    @Test
    void showsOneWhole() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            String id = bundle.database().value("select id from sequin.dead_letters where record_id = 'b'");
            Result result = replay(bundle, "--show", id);
            assertTrue(result.output().contains("invalid input syntax for type bigint: \"many\""), result.output());
            assertTrue(result.output().contains("\"quantity\": \"many\""), result.output());
            assertEquals(1, replay(bundle, "--show", "999999").status());
        }
    }

    @Test
    void replaysWhatHasBeenFixedAndCountsWhatFailsAgain() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            bundle.database().execute("alter table stripe.subscriptions drop constraint subscriptions_quantity_check");
            bundle.database().execute("create table things (id text, x int)");
            bundle.collection("test:thing", "insert into things values (:#id, :#data.x)");

            Result result = replay(bundle, "--all");
            List<String> lines = result.output().lines().toList();
            assertEquals("2 replayed, 2 failed again, 0 left because their collection is paused.", lines.get(0));
            String failed = bundle.database().value("select id from sequin.dead_letters where record_id = 'b'");
            assertTrue(
                    lines.stream()
                            .anyMatch(line -> line.strip().startsWith(failed + "  stripe:subscription b: rejected: ")
                                    && line.endsWith(
                                            ":#data.quantity for column quantity: invalid input syntax for type bigint:"
                                                    + " \"many\" (SQLSTATE 22P02)")),
                    result.output());
            assertTrue(
                    lines.stream()
                            .anyMatch(line ->
                                    line.endsWith("(no collection) (no ID): malformed: the record is not an object")),
                    result.output());
            assertEquals(3, lines.size(), result.output());
            assertEquals(1, result.status());
            assertEquals("t|1", bundle.database().value("select * from things"));
            assertEquals("a|5", bundle.database().value("select id, quantity from stripe.subscriptions"));
            assertEquals(
                    List.of("a|5|1|t", "b|1|2|f", "t|1|1|t", "~|~|2|f"),
                    bundle.database().rows(STATE.replace("order by id", "order by record_id")));

            assertEquals(
                    "0 replayed, 2 failed again",
                    replay(bundle, "--all").output().substring(0, 26));
        }
    }

    @Test
    void replaysOnlyWhatMatches() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            bundle.database().execute("alter table stripe.subscriptions drop constraint subscriptions_quantity_check");
            assertEquals(
                    "0 replayed, 1 failed again",
                    replay(bundle, "--reason", "malformed").output().substring(0, 26));
            assertEquals(
                    "0 replayed, 1 failed again",
                    replay(bundle, "--collection", "test:thing").output().substring(0, 26));
            String id = bundle.database().value("select id from sequin.dead_letters where record_id = 'a'");
            assertEquals(
                    "1 replayed, 0 failed again",
                    replay(bundle, "--id", id).output().substring(0, 26));
        }
    }

    @Test
    void neverLetsAnOldDeadLetterWin() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            bundle.database()
                    .execute("alter table stripe.subscriptions drop constraint subscriptions_quantity_check;"
                            + " insert into stripe.subscriptions (id, updated_idx, quantity) values ('a', 6, 60)");
            assertEquals(
                    "1 replayed, 1 failed again",
                    replay(bundle, "--collection", "stripe:subscription")
                            .output()
                            .substring(0, 26));
            assertEquals(
                    "a|6|60", bundle.database().value("select id, updated_idx, quantity from stripe.subscriptions"));
        }
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            Result result = replay(bundle, "--collection", "stripe:subscription", "--dry-run");
            assertEquals(0, result.status());
            assertEquals(3, result.output().lines().count());
            assertEquals(
                    "4|4",
                    bundle.database()
                            .value(
                                    "select count(*), sum(attempts) from sequin.dead_letters where replayed_at is null"));
        }
    }

    @Test
    void discardsOnRequestButNeverAllByAccident() throws Exception {
        try (TestBundle bundle = deadLetters()) {
            assertEquals(2, replay(bundle, "--discard").status());
            Result unknown = replay(bundle, "--discard", "--reason", "unknown");
            assertEquals(2, unknown.status());
            assertTrue(
                    unknown.output()
                            .startsWith(
                                    "--reason must be one of malformed, rejected, unknown-collection, not 'unknown'"),
                    unknown.output());
            assertEquals(
                    "2 dead letters discarded.",
                    replay(bundle, "--discard", "--reason", "rejected").output().strip());
            assertEquals(
                    "1 dead letter discarded.",
                    replay(bundle, "--discard", "--reason", "malformed")
                            .output()
                            .strip());
            String id = bundle.database().value("update sequin.dead_letters set replayed_at = now() returning id");
            Result again = replay(bundle, "--id", id);
            assertEquals(0, again.status());
            assertTrue(
                    again.output()
                            .matches("(?s)Dead letter " + id
                                    + " has been replayed already, at 20.*: nothing is left to do.\\s*"),
                    again.output());
            assertEquals("1", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }
}
