package io.github.sequinroutes.cli;

import static io.github.sequinroutes.cli.Replication.change;
import static io.github.sequinroutes.message.Outcome.SUPERSEDED;
import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Collections as {@code scaffold} has written them, without a change, keep replicas. */
@Tag("postgres")
class ScaffoldedReplicaTest {
    private static final String ORDERS = """
            create type status as enum ('new', 'paid');
            create table orders (id bigint primary key, customer text not null, status status not null, total numeric)""";

    private static final String ROWS = "select * from orders order by id";

    /** The messages of each answer that has any. */
    private static List<List<String>> recorded(String file) throws Exception {
        List<List<String>> answers = new ArrayList<>();
        for (Recording recording : Recording.of(file)) {
            if (recording.isReceive() && recording.status() == 200) {
                List<String> messages = new ArrayList<>();
                new ObjectMapper().readTree(recording.body()).get("data").forEach(one -> messages.add(one.toString()));
                if (!messages.isEmpty()) {
                    answers.add(messages);
                }
            }
        }
        assertTrue(!answers.isEmpty(), file);
        return answers;
    }

    private static void scaffold(Replication replication, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--table", "public.*", "--apply"));
        all.addAll(List.of(options));
        Replication.Result result = replication.scaffold(all.toArray(String[]::new));
        assertEquals(0, result.status(), result.toString());
    }

    @Test
    void whatTheServerSentOfKeysAndPartitions() throws Exception {
        String tables = Files.readString(Path.of("src/test/resources/stream-recordings/tables.sql")) + """
                create table parts (id int, region text, v text, primary key (id, region)) partition by list (region);
                create table parts_eu partition of parts for values in ('eu');
                create table parts_us partition of parts for values in ('us')""";
        try (Replication replication = new Replication(tables)) {
            scaffold(replication);
            List<List<String>> answers = new ArrayList<>();
            for (String file : List.of(
                    "02-insert.http",
                    "03-update-default-identity.http",
                    "15-composite-key.http",
                    "77-partitioned-table.http")) {
                answers.addAll(recorded(file));
            }
            List<String> keys = new ArrayList<>();
            for (List<String> answer : answers) {
                List<Outcome> outcomes = replication.send(answer);
                assertTrue(List.of(WRITTEN, SUPERSEDED).containsAll(outcomes), outcomes + " " + answer);
                keys.addAll(replication.target().rows("select * from two_keys"));
                // after a restart the server sends again what was acked, the oldest first
                for (List<String> acked : answers.subList(0, answers.indexOf(answer))) {
                    replication.send(acked);
                }
            }
            assertEquals(
                    List.of("77|Ada|13.00|4|2025-03-01 10:00:00+00"),
                    replication.target().rows("select * from products"));
            assertEquals(List.of("7|k|v", "7|k|w"), keys);
            assertEquals(List.of(), replication.target().rows("select * from two_keys"));
            assertEquals(List.of("1|us|a", "2|us|b"), replication.target().rows("select * from parts order by id"));
            assertEquals("0", replication.target().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void anExactReplica() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            scaffold(replication);
            String inserted = change(
                    "insert",
                    "orders",
                    "1",
                    "10.0",
                    "{\"id\": 1, \"customer\": \"a\", \"status\": \"new\", \"total\": \"1.50\"}");
            String updated = change(
                    "update",
                    "orders",
                    "1",
                    "10.3",
                    "{\"id\": 1, \"customer\": \"b\", \"status\": \"paid\", \"total\": null}");
            String deleted = change(
                    "delete",
                    "orders",
                    "1",
                    "11.0",
                    "{\"id\": 1, \"customer\": null, \"status\": null, \"total\": null}");
            String read = change(
                    "read",
                    "orders",
                    "1",
                    "",
                    "{\"id\": 1, \"customer\": \"r\", \"status\": \"new\", \"total\": \"7\"}");
            assertEquals(List.of(WRITTEN), replication.send(List.of(read)));
            assertEquals(List.of("1|r|new|7"), replication.target().rows(ROWS));
            assertEquals(List.of(SUPERSEDED, WRITTEN), replication.send(List.of(inserted, updated)));
            assertEquals(List.of("1|b|paid|~"), replication.target().rows(ROWS));
            replication.send(List.of(read));
            replication.send(List.of(inserted));
            assertEquals(List.of("1|b|paid|~"), replication.target().rows(ROWS));
            replication.send(List.of(deleted));
            replication.send(List.of(inserted));
            replication.send(List.of(read));
            assertEquals(List.of(), replication.target().rows(ROWS));
            replication.send(List.of(change(
                    "insert",
                    "orders",
                    "1",
                    "12.0",
                    "{\"id\": 1, \"customer\": \"c\", \"status\": \"new\", \"total\": \"2.50\"}")));
            assertEquals(List.of("1|c|new|2.50"), replication.target().rows(ROWS));
        }
    }

    @Test
    void softDeletes() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            scaffold(replication, "--soft-deletes");
            String upsert = replication.file("routes/collections/public-orders.upsert.sql");
            String guard = upsert.substring(upsert.indexOf("where t.")).strip();
            assertTrue(Files.readString(Path.of("docs/scaffold.md")).contains("\n    " + guard + "\n"), guard);
            assertEquals(new Replication.Result(0, List.of("1 of 1 templates can be used.")), replication.run("check"));
            keepsRowsOfDeletes(replication);
        }
    }

    @Test
    void softDeletesInATableThatIsThere() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            replication.target().execute(ORDERS + "; insert into orders values (9, 'old', 'new', 1)");
            scaffold(replication, "--soft-deletes");
            assertEquals("""
                    -- For soft deletes: all columns but the key may be null, since a delete has only that.
                    alter table public.orders
                      add column if not exists commit_lsn bigint,
                      add column if not exists commit_idx bigint,
                      add column if not exists deleted boolean not null default false,
                      alter column customer drop not null,
                      alter column status drop not null;
                    """, replication.file("schema/public-orders.sql"));
            assertEquals(
                    List.of(WRITTEN),
                    replication.send(List.of(change(
                            "delete",
                            "orders",
                            "9",
                            "9.0",
                            "{\"id\": 9, \"customer\": null, \"status\": null, \"total\": null}"))));
            assertEquals(List.of("9|old|new|1|9|0|t"), replication.target().rows(ROWS));
            replication.target().execute("delete from orders");
            keepsRowsOfDeletes(replication);
        }
    }

    private static void keepsRowsOfDeletes(Replication replication) throws Exception {
        String inserted = change(
                "insert",
                "orders",
                "1",
                "10.0",
                "{\"id\": 1, \"customer\": \"a\", \"status\": \"new\", \"total\": \"1.50\"}");
        String updated = change(
                "update",
                "orders",
                "1",
                "10.3",
                "{\"id\": 1, \"customer\": \"b\", \"status\": \"paid\", \"total\": null}");
        String nothing = "{\"id\": %d, \"customer\": null, \"status\": null, \"total\": null}";
        String read = change(
                "read", "orders", "1", "", "{\"id\": 1, \"customer\": \"r\", \"status\": null, \"total\": \"7\"}");
        assertEquals(List.of(WRITTEN), replication.send(List.of(read)));
        assertEquals(List.of("1|r|~|7|~|~|f"), replication.target().rows(ROWS));
        assertEquals(List.of(SUPERSEDED, WRITTEN), replication.send(List.of(inserted, updated)));
        assertEquals(List.of("1|b|paid|~|10|3|f"), replication.target().rows(ROWS));
        replication.send(List.of(read));
        replication.send(List.of(inserted));
        assertEquals(List.of("1|b|paid|~|10|3|f"), replication.target().rows(ROWS));
        // two of them, so that the driver makes one statement of both; one is of a row that was never seen
        assertEquals(
                List.of(WRITTEN, WRITTEN),
                replication.send(List.of(
                        change("delete", "orders", "1", "11.0", nothing.formatted(1)),
                        change("delete", "orders", "2", "11.1", nothing.formatted(2)))));
        List<String> deleted = List.of("1|b|paid|~|11|0|t", "2|~|~|~|11|1|t");
        assertEquals(deleted, replication.target().rows(ROWS));
        replication.send(List.of(updated));
        replication.send(List.of(read));
        assertEquals(deleted, replication.target().rows(ROWS));
        replication.send(List.of(change(
                "insert",
                "orders",
                "1",
                "11.2",
                "{\"id\": 1, \"customer\": \"c\", \"status\": \"new\", \"total\": \"2.50\"}")));
        assertEquals(
                List.of("1|c|new|2.50|11|2|f", "2|~|~|~|11|1|t"),
                replication.target().rows(ROWS));
        assertEquals("0", replication.target().value("select count(*) from sequin.dead_letters"));
        assertEquals("0", replication.target().value("select count(*) from sequin.versions"));
    }

    @Test
    void aColumnThatSoftDeletesWouldAddIsSaid() throws Exception {
        try (Replication replication = new Replication("create table orders (id int primary key, deleted boolean)")) {
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of(
                                    "Skipped public.orders: it has a column deleted of its own, which --soft-deletes would add;"
                                            + " scaffold it without")),
                    replication.scaffold("--table", "public.orders", "--soft-deletes"));
        }
    }
}
