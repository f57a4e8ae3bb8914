package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.cli.CommandRun.Result;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.testkit.SchemaFiles;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PlanCommandTest {
    private static final String UPSERT = """
            insert into orders as t (id, updated_idx, customer, total, note)
            values (:#id, :#updated_idx, :#data.customer, :#data.total, :#data.note)
            on conflict (id) do update set updated_idx = excluded.updated_idx, customer = excluded.customer,
              total = excluded.total, note = excluded.note
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx""";
    private static final String DELETE =
            "delete from orders where id = :#id and (updated_idx is null or updated_idx <= :#updated_idx)";
    private static final String ROWS = "select id, updated_idx, total from orders order by id";

    private static TestBundle orders() throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("""
                create table orders (id text primary key, updated_idx bigint, customer text not null, total numeric(6, 2),
                  note text unique, check (total >= 0));
                insert into orders values ('old', 5, 'c', 5, null), ('new', 9, 'c', 9, null), ('gone', 1, 'c', 1, null)""");
        return bundle.collection("acme:order", UPSERT);
    }

    private static TestBundle withDelete(TestBundle bundle) throws Exception {
        Path collections = bundle.routes().resolve("collections");
        Files.writeString(collections.resolve("acme-order.delete.sql"), DELETE);
        Path route = collections.resolve("acme-order.camel.yaml");
        Files.writeString(
                route, Files.readString(route) + "      - name: delete\n        value: acme-order.delete.sql\n");
        return bundle;
    }

    private static String order(String id, long version, String total) {
        return TestRecord.of("acme:order", id, version, "{\"customer\": \"c\", \"total\": " + total + "}");
    }

    private static String deleted(String id, long version) {
        return TestRecord.of("acme:order", id, version, true, "null");
    }

    /** The next to be received are all that there were, acked is none. */
    private static void assertGivenBack(TestBundle bundle, int messages) {
        assertEquals(messages, bundle.consumer().pending());
        assertEquals(0, bundle.consumer().ackPending());
        assertEquals(0, bundle.server().requests().count(RequestKind.ACK));
    }

    @Test
    void tellsWhatWouldBecomeOfABatchAndLeavesNoTrace() throws Exception {
        try (TestBundle bundle = withDelete(orders())) {
            List<String> before = bundle.database().rows(ROWS);
            bundle.offer(
                    order("a", 1, "1"),
                    order("old", 6, "6"),
                    order("new", 8, "8"),
                    order("twice", 1, "1"),
                    order("twice", 2, "2"),
                    deleted("gone", 2),
                    deleted("never", 2),
                    order("bad", 1, "\"many\""),
                    TestRecord.of("acme:order", "none", 1, "{\"total\": 1}"),
                    TestRecord.of("acme:ordr", "x", 1, "{}"),
                    "7");
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals("""
                    (no collection): 1 message
                      dead-lettered     1
                        (no ID)  malformed: the record is not an object
                    acme:order: 9 messages
                      inserted          2   a, twice
                      updated           1   old
                      deleted           1   gone
                      ignored           1   new: its row is newer, or is never changed
                      ignored           1   never: there is no such row
                      superseded        1   twice
                      dead-lettered     2
                        bad  rejected: acme-order.upsert.sql:2:47: :#data.total for column total: invalid input syntax for type numeric: "many" (SQLSTATE 22P02)
                        none  rejected: acme-order.upsert.sql:2:30: :#data.customer for column customer: null value in column "customer" of relation "orders" violates not-null constraint: Failing row contains (none, 1, null, 1.00, null). (SQLSTATE 23502)
                    acme:ordr: 1 message
                      dead-lettered     1
                        x  unknown-collection: no route for the collection acme:ordr: add one, then replay
                    Nothing was written, and 11 messages were given back.
                    """, plan.output());
            assertEquals(1, plan.status());
            assertEquals(before, bundle.database().rows(ROWS));
            // neither is the bundle's own schema there, nor anything in it
            assertEquals("~", bundle.database().value("select to_regnamespace('sequin')"));
            assertGivenBack(bundle, 11);
        }
    }

    @Test
    void allIsWellWithStatus0AndTheLedgerIsLeftAsItIs() throws Exception {
        try (TestBundle bundle = withDelete(orders())) {
            bundle.database().execute(SchemaFiles.text());
            bundle.database().execute("insert into sequin.versions values ('acme:order', 'a', 7, true)");
            bundle.offer(order("a", 6, "1"), order("b", 6, "1"), deleted("gone", 2));
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals(
                    List.of(
                            "acme:order: 3 messages",
                            "  inserted          1   b",
                            "  deleted           1   gone",
                            "  ignored           1   a: a newer version has been written before",
                            "Nothing was written, and 3 messages were given back."),
                    plan.lines());
            assertEquals(0, plan.status());
            assertEquals("a|7", bundle.database().value("select id, version from sequin.versions"));
        }
    }

    /** As a batch would: a constraint, a foreign key that another record of the batch fulfils, a value too long. */
    @Test
    void oneBadRecordNeverHidesAnother() throws Exception {
        try (TestBundle bundle = orders()) {
            bundle.database().execute("""
                    create table lines (id text primary key, order_id text references orders deferrable initially deferred,
                      x varchar(3))""");
            bundle.collection(
                            "acme:a-line",
                            "insert into lines values (:#id, :#data.order, :#data.x)" + " on conflict (id) do nothing")
                    .offer(
                            TestRecord.of("acme:a-line", "1", 1, "{\"order\": \"later\"}"),
                            TestRecord.of("acme:a-line", "2", 1, "{\"order\": \"nobody\"}"),
                            TestRecord.of("acme:a-line", "3", 1, "{\"order\": \"old\", \"x\": \"long\"}"),
                            TestRecord.of("acme:a-line", "4", 1, "{\"order\": \"old\"}"),
                            order("later", 1, "1"),
                            order("less", 1, "-1"));
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals("""
                    acme:a-line: 4 messages
                      inserted          2   1, 4
                      dead-lettered     2
                        2  rejected: acme-a-line.upsert.sql:1:33: :#data.order for column order_id: insert or update on table "lines" violates foreign key constraint "lines_order_id_fkey": Key (order_id)=(nobody) is not present in table "orders". (SQLSTATE 23503)
                        3  rejected: acme-a-line.upsert.sql:1:47: :#data.x for column x: value too long for type character varying(3) (SQLSTATE 22001)
                    acme:order: 2 messages
                      inserted          1   later
                      dead-lettered     1
                        less  rejected: acme-order.upsert.sql:2:47: :#data.total for column total: new row for relation "orders" violates check constraint "orders_total_check": Failing row contains (less, 1, c, -1.00, null). (SQLSTATE 23514)
                    Nothing was written, and 6 messages were given back.
                    """, plan.output());
        }
    }

    @Test
    void aTemplateThatTheServerRefusesPausesItsCollectionAlone() throws Exception {
        try (TestBundle bundle = orders()) {
            bundle.collection("acme:wrong", "insert into nowhere values (:#id)")
                    .offer(TestRecord.of("acme:wrong", "w", 1, "{}"), order("a", 1, "1"));
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals(
                    List.of(
                            "acme:order: 1 message",
                            "  inserted          1   a",
                            "acme:wrong: 1 message",
                            "  paused            1   w: acme-wrong.upsert.sql:1:13: relation \"nowhere\" does not exist"
                                    + " (SQLSTATE 42P01)",
                            "Nothing was written, and 2 messages were given back."),
                    plan.lines());
            assertEquals(1, plan.status());
        }
    }

    /** A row that somebody writes is waited for shortly, and others never wait for the plan for long. */
    @Test
    void aLockedRowIsNotTried() throws Exception {
        try (TestBundle bundle = orders();
                Connection other = bundle.database().connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("update orders set note = 'x' where id = 'old'");
            bundle.offer(order("old", 6, "6"), order("new", 10, "1"));
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals(1, plan.status());
            assertEquals("  updated           1   new", plan.lines().get(1));
            assertTrue(
                    plan.lines().get(2).startsWith("  not-tried         1   old: it waits for another"), plan.output());
        }
    }

    @Test
    void theNewestVersionThatIsAcceptedCounts() throws Exception {
        try (TestBundle bundle = orders()) {
            bundle.offer(order("a", 3, "\"x\""), order("a", 1, "1"), order("a", 2, "2"));
            JsonNode plan = new ObjectMapper()
                    .readTree(CommandRun.of(bundle, "plan", "--json").output());
            JsonNode orders = plan.at("/collections/0");
            assertEquals("acme:order", orders.get("collection").textValue());
            assertEquals(1, orders.get("inserted").intValue());
            assertEquals(
                    List.of("3 dead_lettered 22P02", "1 superseded null", "2 inserted null"),
                    orders.get("messages").findParents("version").stream()
                            .map(message -> message.get("version").asText() + " "
                                    + message.get("effect").asText() + " "
                                    + message.get("sqlstate").asText())
                            .toList());
            assertEquals(3, plan.get("given_back").intValue());
        }
    }

    @Test
    void aSampleFileAndTheConsumerIsNotAsked() throws Exception {
        try (TestBundle bundle = orders();
                TemporaryFolder folder = new TemporaryFolder("sample")) {
            Path file = folder.path().resolve("sample.jsonl");
            Files.writeString(
                    file,
                    (order("a", 1, "1").replace("\n", "") + "\n\n{\"ack_token\": \"t\", \"record\": "
                            + order("old", 6, "1").replace("\n", "") + "}\n"));
            Result plan = CommandRun.of(bundle, "plan", "--sample", file.toString());
            assertEquals(
                    List.of(
                            "acme:order: 2 messages",
                            "  inserted          1   a",
                            "  updated           1   old",
                            "Nothing was written."),
                    plan.lines());
            assertEquals(0, bundle.server().requests().count(RequestKind.NEXT));

            Files.writeString(file, "{\"id\": 1}\n{\"a\" oops}\n7\n");
            Result wrong = CommandRun.of(bundle, "plan", "--sample", file.toString());
            assertEquals(2, wrong.status());
            assertEquals(2, wrong.lines().size(), wrong.output());
            assertEquals(
                    file + ":2:6: is not JSON: Unexpected character ('o' (code 111)): was expecting a colon to separate"
                            + " field name and value; write one message on each line",
                    wrong.lines().get(0));
            assertTrue(wrong.lines().get(1).startsWith(file + ":3:1: the message is not an object"), wrong.output());
            assertEquals(
                    2, CommandRun.of(bundle, "plan", "--sample", "none.jsonl").status());
        }
    }

    /** Others wait for the rows that it has written. */
    @Test
    void itHoldsItsLocksForHalfALeaseAtMost() throws Exception {
        try (TestBundle bundle = orders()) {
            bundle.set("sequin.ack-wait", "8s")
                    .collection(
                            "test:slow",
                            "insert into orders (id, customer) select :#id, 'slow' from pg_sleep(1.6) on conflict (id) do"
                                    + " nothing")
                    .offer(
                            TestRecord.of("test:slow", "s1", 1, "{}"),
                            TestRecord.of("test:slow", "s2", 1, "{}"),
                            TestRecord.of("test:slow", "s3", 1, "{}"),
                            TestRecord.of("test:slow", "s4", 1, "{}"));
            List<String> lines = CommandRun.of(bundle, "plan").lines();
            assertEquals("test:slow: 4 messages", lines.get(0));
            assertTrue(lines.get(1).matches("  written +[12]   s1(, s2)?"), lines.get(1));
            assertTrue(
                    lines.stream().anyMatch(line -> line.endsWith("s4: there was no time left for it")),
                    lines.toString());
            assertGivenBack(bundle, 4);
        }
    }

    /** What each kind of template can tell. */
    @Test
    void templatesOfAnyForm() throws Exception {
        try (TestBundle bundle = orders()) {
            bundle.database()
                    .execute("create view seen as select id, updated_idx, customer from orders;"
                            + "create function put(text) returns text language sql as"
                            + " $$ insert into orders (id, customer) values ($1, 'f') returning id $$");
            bundle.collection("test:update", "update orders set note = :#id where id = :#data.order")
                    .collection(
                            "test:with",
                            "with x as (select :#id as id) insert into orders (id, customer)"
                                    + " select id, 'w' from x on conflict (id) do nothing")
                    .collection(
                            "test:view",
                            "insert into seen (id, updated_idx, customer) values (:#id, :#updated_idx, 'v')"
                                    + " on conflict (id) do update set updated_idx = excluded.updated_idx")
                    .offer(
                            TestRecord.of("test:update", "u", 1, "{\"order\": \"old\"}"),
                            TestRecord.of("test:update", "v", 1, "{\"order\": \"nobody\"}"),
                            TestRecord.of("test:with", "w", 1, "{}"),
                            TestRecord.of("test:with", "old", 1, "{}"),
                            TestRecord.of("test:view", "old", 1, "{}"));
            Result plan = CommandRun.of(bundle, "plan");
            assertEquals(
                    List.of(
                            "test:update: 2 messages",
                            "  updated           1   u",
                            "  ignored           1   v: there is no such row, or it is newer",
                            "test:view: 1 message",
                            "  written           1   old",
                            "test:with: 2 messages",
                            "  written           1   w",
                            "  ignored           1   old: its row is newer, or is never changed",
                            "Nothing was written, and 5 messages were given back."),
                    plan.lines());
        }
    }

    /** Only what works on messages alone is run, unless somebody says that all may. */
    @Tag("long")
    @Test
    void stepsThatCannotBeRolledBackAreNotRun() throws Exception {
        try (TestBundle bundle = orders()) {
            Path route = bundle.routes().resolve("collections/acme-order.camel.yaml");
            String steps = """
                    - route:
                        id: acme-order
                        from:
                          uri: direct:acme:order
                          steps:
                            - split:
                                expression:
                                  simple: ${body}
                                steps:
                                  - %s
                                  - to:
                                      uri: kamelet:postgres-upsert-sink
                                      parameters:
                                        upsert: acme-order.upsert.sql
                    """;
            bundle.offer(order("a", 1, "1"), order("old", 6, "1"));
            Files.writeString(route, steps.formatted("log: ${body.id}"));
            assertEquals(
                    List.of("  inserted          1   a", "  updated           1   old"),
                    CommandRun.of(bundle, "plan").lines().subList(1, 3));
            Files.writeString(route, steps.formatted("to: mock:elsewhere"));
            Result refused = CommandRun.of(bundle, "plan");
            assertEquals(
                    "  not-tried         2   a, old: its route acme-order has a step 'to', which may do what cannot be"
                            + " rolled back; --steps runs it all the same",
                    refused.lines().get(1));
            assertGivenBack(bundle, 2);
        }
    }

    @Test
    void anEmptyConsumerAndAServerThatIsAway() throws Exception {
        try (TestBundle bundle = orders()) {
            assertEquals(new Result(0, """
                            The consumer has no message now, or others have all there is.
                            Nothing was written, and 0 messages were given back.
                            """), CommandRun.of(bundle, "plan"));
            bundle.server().token("another");
            Result refused = CommandRun.of(bundle, "plan");
            assertEquals(1, refused.status());
            assertTrue(refused.output().contains("401"), refused.output());
            assertEquals(2, CommandRun.of(bundle, "plan", "--limit", "0").status());
        }
    }
}
