package io.github.sequinroutes;

import static io.github.sequinroutes.FaultyThings.bundle;
import static io.github.sequinroutes.FaultyThings.things;
import static io.github.sequinroutes.FaultyThings.trigger;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 51: what a trigger leaves changed in the session reaches no other collection. */
@Order(1) // takes long
@Tag("postgres")
class ChangedSessionTest {
    /** What is written next, by this collection or another, would go elsewhere, or be read otherwise. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "search_path              | elsewhere  | false",
                "search_path              | elsewhere  | true",
                "TimeZone                 | Asia/Tokyo | true",
                "DateStyle                | ISO, DMY   | true",
                "session_replication_role | replica    | false",
                "role                     | clerk      | false",
                "array_nulls              | off        | false",
                "xmlbinary                | hex        | false",
                "lock_timeout             | 1min       | false",
                "standard_conforming_strings | off     | false",
            })
    void aTriggerThatChangesTheSessionStopsOnlyItsCollection(String setting, String value, boolean local)
            throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            bundle.database().execute("""
                    do $$ begin create role clerk; exception when duplicate_object or unique_violation then null; end $$;
                    grant all on all tables in schema public to clerk;
                    create table others (id text primary key, at timestamptz);
                    create schema elsewhere;
                    grant all on schema elsewhere to clerk;
                    create table elsewhere.others (like public.others including all);
                    create table elsewhere.things (like public.things including all)""");
            bundle.collection(
                    "test:other",
                    "insert into others as t (id, at) values (:#id, :#data.at) on conflict (id) do update set at = excluded.at");
            trigger(bundle, "perform set_config('%s', '%s', %s);".formatted(setting, value, local));
            bundle.offer(things(3, "good")).start().awaitUnhealthy("a trigger or function has left " + setting);
            for (int i = 0; i < 20; i++) {
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{\"at\": \"2026-01-02 03:04:05\"}"));
            }
            await().until(() -> bundle.consumer().left() == 3);
            assertEquals(
                    "20|2026-01-02 03:04:05+00",
                    bundle.database().value("select count(*), max(at) at time zone 'UTC' || '+00' from public.others"));
            assertEquals("0", bundle.database().value("select count(*) from elsewhere.others"));
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("drop function act cascade");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("3", bundle.database().value("select count(*) from public.things"));
        }
    }

    /** What it was is gone as well then. */
    @Test
    void aTriggerThatResetsTheSessionStopsItsCollection() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            trigger(bundle, "reset all;");
            bundle.offer(things(1, "good")).start().awaitUnhealthy("a trigger or function has left search_path as ");
            bundle.database().execute("drop function act cascade");
            bundle.awaitDrained().awaitHealthy();
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void aTemporaryTableThatATriggerLeavesStandsInForNoOther() throws Exception {
        try (TestBundle bundle = bundle(Duration.ofSeconds(3), "x text")) {
            bundle.database().execute("create table others (id text primary key)");
            bundle.collection("test:other", "insert into others (id) values (:#id) on conflict do nothing");
            trigger(bundle, "create temp table if not exists others (like public.others including all);");
            bundle.offer(things(3, "good")).start().awaitDrained();
            for (int i = 0; i < 5; i++) {
                bundle.offer(TestRecord.of("test:other", "o" + i, 1, "{}"));
            }
            bundle.awaitDrained();
            assertEquals("5", bundle.database().value("select count(*) from public.others"));
        }
    }
}
