package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 18 to 22 and 33: bad records become dead letters, each alone, and at a bounded cost. */
@Tag("postgres")
class IsolationTest {
    private static final String TABLE = """
            create table parents (id text primary key);
            insert into parents values ('p');
            create type mood as enum ('good', 'bad');
            create table sheets (
              id text primary key, v bigint, t text, doc jsonb, i int, b bigint, n numeric(6, 2), day date, at timestamptz,
              must text not null, positive int check (positive > 0), email text unique, parent text references parents,
              later text references parents deferrable initially deferred, short varchar(3), indexed text, feeling mood,
              u uuid, list int[], during int4range, exclude using gist (during with &&));
            create index on sheets (indexed);
            create function forbid() returns trigger language plpgsql as $$
            begin if new.t = 'forbidden' then raise 'not that'; end if; return new; end $$;
            create trigger forbid before insert or update on sheets for each row execute function forbid()""";

    private static final List<String> COLUMNS = List.of(
            "t",
            "doc",
            "i",
            "b",
            "n",
            "day",
            "at",
            "must",
            "positive",
            "email",
            "parent",
            "later",
            "short",
            "indexed",
            "feeling",
            "u",
            "list",
            "during");

    private static String sheet(String id, String fields) {
        return TestRecord.of("test:sheet", id, 1, "{\"must\": \"be\", \"positive\": 1" + fields + "}");
    }

    private static String template() {
        StringBuilder updates = new StringBuilder("v = excluded.v");
        COLUMNS.forEach(column -> updates.append(", %s = excluded.%1$s".formatted(column)));
        return "insert into sheets as t (id, v, " + String.join(", ", COLUMNS)
                + ") values (:#id, :#updated_idx, :#data." + String.join(", :#data.", COLUMNS)
                + ") on conflict (id) do update set " + updates;
    }

    /** Every kind of bad record, as its SQLSTATE and its bad field in turn. */
    private static List<String> badFields() {
        StringBuilder incompressible = new StringBuilder();
        new Random(1).ints(9_000, 'a', 'z').forEach(incompressible::appendCodePoint);
        return List.of(
                "22021", "'t': 'a\\u0000b'",
                "22021", "'t': '\\ud800'",
                "22P05", "'doc': {'a': '\\u0000'}",
                "22P02", "'doc': {'a': '\\udc00'}",
                "22003", "'i': 2147483648",
                "22003", "'b': 9223372036854775808",
                "22003", "'n': 10000",
                "22P02", "'i': 'many'",
                "22007", "'day': 'some day'",
                "22008", "'day': '2026-02-30'",
                "22007", "'at': 'noonish'",
                "22008", "'at': '2026-01-01T25:00:00Z'",
                "23502", "'must': null",
                "23514", "'positive': 0",
                "23505", "'email': 'taken'",
                "23503", "'parent': 'nobody'",
                "23503", "'later': 'nobody'",
                "22001", "'short': 'long'",
                "54000", "'indexed': '" + incompressible + "'",
                "P0001", "'t': 'forbidden'",
                "23P01", "'during': '[2,3)'",
                "22P02", "'feeling': 'Good'",
                "22P02", "'u': 'x'",
                "22P02", "'list': ['x']",
                "22P02", "'list': [[1], [2, 3]]");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfBadRecordIsADeadLetterAndNoOtherIs(boolean ledger) throws Exception {
        List<String> expected = new ArrayList<>();
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute(TABLE);
            bundle.collection("test:sheet", template() + (ledger ? "" : " where t.v <= excluded.v"));
            if (ledger) {
                Things.addParameter(bundle, "test-sheet", "guard", "ledger");
            }
            bundle.offer(sheet("a-first", ", \"email\": \"taken\", \"during\": \"[1,5)\""));
            List<String> bad = badFields();
            for (int i = 0; i < 499; i++) {
                bundle.offer(sheet("good-%03d".formatted(i), ", \"t\": \"x\", \"parent\": \"p\", \"list\": [1]"));
                if (i % 20 == 10 && i / 10 < bad.size()) {
                    String id = "good-%03d-bad".formatted(i);
                    bundle.offer(sheet(id, ", " + bad.get(i / 10).replace('\'', '"')));
                    expected.add("rejected|" + bad.get(i / 10 - 1) + "|" + id);
                }
            }
            assertEquals(bad.size() / 2, expected.size());
            bundle.start().awaitDrained();
            assertEquals(
                    expected,
                    bundle.database()
                            .rows("select reason, sqlstate, record_id from sequin.dead_letters order by record_id"));
            assertEquals("500", bundle.database().value("select count(*) from sheets"));
            assertEquals(500 + expected.size(), bundle.consumer().delivered());
        }
    }

    /** Counts the executions of the template, each of which is a transaction, also those that are rolled back. */
    private static final String COUNTER = """
            create sequence executions;
            create sequence last_transaction;
            create function count_execution() returns trigger language plpgsql as $$
            declare this bigint := txid_current();
            begin
              if this <> (select last_value from last_transaction) then
                perform nextval('executions'), setval('last_transaction', this);
              end if;
              return null;
            end $$;
            create trigger count_execution before insert on things for each statement execute function count_execution();
            alter table things add check (value <> 'bad')""";

    private static String thing(int i, boolean bad) {
        return TestRecord.of(
                "test:thing", "%04d".formatted(i), 1, "{\"value\": \"%s\"}".formatted(bad ? "bad" : "good"));
    }

    private static int executions(TestBundle bundle) throws Exception {
        return Integer.parseInt(bundle.database().value("select last_value from executions"));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void badRecordsCostFewExecutions(int bad) throws Exception {
        int all = 1_000;
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            bundle.database().execute(COUNTER);
            for (int i = 0; i < all; i++) {
                bundle.offer(thing(i, i % (all / bad) == 77 % (all / bad)));
            }
            bundle.set("sequin.workers", "1").start().awaitDrained();
            assertEquals(all - bad + "", bundle.database().value(Things.COUNT));
            assertEquals(bad + "", bundle.database().value("select count(*) from sequin.dead_letters"));
            double limit = 2 * bad * Math.log((double) all / bad) / Math.log(2) + 4 * bad;
            assertTrue(executions(bundle) <= limit, executions(bundle) + " executions, not " + limit);
        }
    }

    @Tag("long")
    @Test
    void aStreamThatIsAllBadIsSlowedDown() throws Exception {
        int all = 120;
        try (TestBundle bundle = Things.guardedByTheTemplate(new TestBundle())) {
            bundle.database().execute(COUNTER);
            for (int i = 0; i < all; i++) {
                bundle.offer(thing(i, true));
            }
            // the bound is for each worker
            bundle.set("sequin.workers", "1")
                    .set("sequin.dead-letters-per-second", "20")
                    .set("sequin.batch-size", "20");
            bundle.start().awaitDrained();
            assertEquals(all + "", bundle.database().value("select count(*) from sequin.dead_letters"));
            assertTrue(executions(bundle) <= 2 * all, executions(bundle) + " executions");
            String seconds = bundle.database()
                    .value(
                            "select extract(epoch from max(first_failed_at) - min(first_failed_at)) from sequin.dead_letters");
            assertTrue(Double.parseDouble(seconds) > (all - 20) / 20.0 - 0.1, all + " in " + seconds + " s");
        }
    }
}
