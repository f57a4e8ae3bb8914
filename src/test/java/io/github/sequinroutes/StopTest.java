package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.write.OutcomeCounters;
import java.time.Duration;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 16 and 17: a template or table that is wrong stops its collection, and no other. */
@Tag("postgres")
class StopTest {
    private static String thing(String id, long version) {
        return TestRecord.of("test:thing", id, version, "{\"x\": " + version + "}");
    }

    private static String subscription(String id) {
        return TestRecord.of("stripe:subscription", id, 1, "{}");
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table things rename to gone                 | alter table gone rename to things          | 42P01",
                "alter table things rename x to y                  | alter table things rename y to x           | 42703",
                "alter table things drop constraint things_pkey    | alter table things add primary key (id)    | 42P10",
                "alter table things drop x; alter table things add x bigint generated always as (1) stored"
                        + " | alter table things drop x; alter table things add x bigint               | 428C9",
                "set role none; revoke all on things from writer   | grant all on things to writer              | 42501",
            })
    void aCollectionPausesUntilItIsFixedAndTheOthersRunOn(String breakIt, String fixIt, String state) throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2))) {
            boolean beforeItHadACode =
                    state.equals("428C9") && bundle.database().majorVersion() < 14;
            String sqlState = beforeItHadACode ? "42601" : state;
            bundle.database().execute("create table things (id text primary key, v bigint, x bigint)");
            bundle.database().execute(sqlState.equals("42501") ? grants(bundle) : "select 1");
            bundle.collection(
                    "test:thing",
                    "insert into things as t (id, v, x) values (:#id, :#updated_idx, :#data.x)"
                            + " on conflict (id) do update set v = excluded.v, x = excluded.x where t.v <= excluded.v");
            bundle.offer(thing("a", 1)).start().awaitDrained();

            bundle.database().execute(breakIt);
            bundle.offer(thing("a", 2), thing("b", 2), subscription("s1"));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> bundle.health().getMessage().orElse("").contains("(SQLSTATE " + sqlState + ")"));
            assertEquals(HealthCheck.State.DOWN, bundle.health().getState());
            String message = bundle.health().getMessage().orElse("");
            assertTrue(message.contains("test:thing: paused"), message);
            assertTrue(message.contains("test-thing"), message);
            assertTrue(
                    !state.equals("42501")
                            || message.contains("; grant select, insert, update on public.things to writer"),
                    message);

            bundle.offer(subscription("s2"));
            await().until(() -> bundle.database()
                    .value("select count(*) from stripe.subscriptions")
                    .equals("2"));
            await().until(() -> bundle.consumer().left() == 2);

            bundle.database().execute(fixIt);
            bundle.awaitDrained();
            assertEquals("2|2", bundle.database().value("select min(v), count(*) from things"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
            await().until(() -> bundle.health().getState() == HealthCheck.State.UP);
        }
    }

    private static String grants(TestBundle bundle) {
        String role = "writer";
        bundle.set("postgres.url", bundle.database().url().replace("user=postgres", "user=" + role));
        return """
                do $$ begin create role writer login; exception when duplicate_object then null; end $$;
                grant all on things to writer; grant usage on schema stripe to writer;
                grant all on all tables in schema stripe to writer;
                do $$ begin execute 'grant create on database ' || current_database() || ' to writer'; end $$""";
    }

    @Test
    void aTypeThatChangesUnderTheTemplateIsAskedForAgain() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute("create table things (id text primary key, x text)");
            bundle.collection(
                    "test:thing",
                    "insert into things (id, x) values (:#id, :#data.x) on conflict (id) do update set x = excluded.x");
            bundle.offer(TestRecord.of("test:thing", "a", 1, "{\"x\": \"plain\"}"))
                    .start()
                    .awaitDrained();
            bundle.database().execute("alter table things alter x type jsonb using to_jsonb(x)");
            bundle.offer(TestRecord.of("test:thing", "b", 1, "{\"x\": \"plain\"}"))
                    .awaitDrained();
            assertEquals("\"plain\"", bundle.database().value("select x from things where id = 'b'"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void aLockedTableIsWaitedForWithinTheLeaseAndThenGivenUp() throws Exception {
        try (TestBundle bundle = new TestBundle(Duration.ofSeconds(2))) {
            bundle.offer(subscription("a")).start().awaitDrained();
            try (var connection = bundle.database().connect();
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("lock table stripe.subscriptions");
                bundle.offer(subscription("b"));
                long delivered = bundle.consumer().delivered();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> bundle.consumer().delivered() > delivered + 1);
                assertEquals(1, bundle.consumer().left());
                connection.rollback();
            }
            bundle.awaitDrained();
            assertEquals("2", bundle.database().value("select count(*) from stripe.subscriptions"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void theOutcomesAddUp() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.offer(subscription("a"), subscription("a"), subscription("b"), thing("c", 1), "[]")
                    .start()
                    .awaitDrained();
            OutcomeCounters outcomes =
                    bundle.standalone().bundle().collections().outcomes();
            assertEquals(2, outcomes.of(Outcome.WRITTEN));
            assertEquals(1, outcomes.of(Outcome.SUPERSEDED));
            assertEquals(2, outcomes.of(Outcome.DEAD_LETTERED));
            assertEquals(0, outcomes.of(Outcome.UNSETTLED) + outcomes.of(Outcome.LEFT_UNACKED));
        }
    }
}
