package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.cli.ReplayRun.Result;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class ReplayTest {
    private static final String STATE =
            "select record_id, version, attempts, replayed_at is not null from sequin.dead_letters order by id";

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
                    """, result.output().replaceAll(" +", " "));
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
            assertEquals(
                    "2 replayed, 2 failed again, 0 left because their collection is paused.",
                    result.output().strip());
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
            assertEquals("2", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }
}
