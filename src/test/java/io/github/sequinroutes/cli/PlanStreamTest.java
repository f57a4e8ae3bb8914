package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.cli.Replication.Result;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.stream.SinkOptions;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The command {@code plan} with the messages of the Stream API. */
@Tag("postgres")
class PlanStreamTest {
    private static final String TABLE =
            "create table items (id int primary key, name text); alter table items replica identity full";
    private static final String ROWS = "select id, name from items order by id";

    private static String change(String action, int id, String version, String name) {
        return Replication.change(
                        action,
                        "items",
                        Integer.toString(id),
                        version,
                        "{\"id\": %d, \"name\": %s}".formatted(id, name == null ? null : "\"" + name + "\""))
                .replace("\n", "");
    }

    private static Replication items() throws Exception {
        Replication replication = new Replication(TABLE);
        assertEquals(
                0, replication.scaffold("--table", "public.items", "--apply").status());
        replication.send(List.of(
                change("insert", 1, "10.0", "one"),
                change("insert", 2, "10.1", "two"),
                change("insert", 3, "9.0", "x")));
        return replication;
    }

    @Test
    void changesOfRowsFromAFile() throws Exception {
        try (Replication replication = items()) {
            String moved = change("update", 8, "12.0", "x").replace("\"changes\": null", "\"changes\": {\"id\": 3}");
            String unchanged =
                    change("update", 9, "12.1", "unchanged_toast").replace("\"changes\": null", "\"changes\": {}");
            replication.write(
                    "sample.jsonl",
                    String.join(
                            "\n",
                            change("update", 1, "11.0", "uno"),
                            change("update", 2, "10.0", "old"),
                            change("delete", 2, "11.2", null),
                            change("insert", 4, "11.3", "four"),
                            change("read", 1, "", "read"),
                            moved,
                            unchanged,
                            "{\"record\": {\"id\": 1}}"));
            Result plan = replication.run(
                    "plan", "--sample", replication.collections().getParent().getParent() + "/sample.jsonl");
            assertEquals("(no collection): 1 message", plan.lines().get(0));
            assertEquals(
                    List.of(
                            "public.items: 7 messages",
                            "  inserted          2   4, 8",
                            "  updated           1   1",
                            "  deleted           1   2",
                            "  superseded        2   2, 1",
                            "  dead-lettered     1"),
                    plan.lines().subList(3, 9));
            assertTrue(
                    plan.lines().get(9).startsWith("    9  rejected: the row is not there, and the message lacks"),
                    plan.lines().get(9));
            assertEquals("Nothing was written.", plan.lines().get(10));
            assertEquals(List.of("1|one", "2|two", "3|x"), replication.target().rows(ROWS));
        }
    }

    /** As {@code run} writes them: what lacks a value after what brings it, also below a version that is rejected. */
    @Test
    void versionsBelowOneThatIsRejected() throws Exception {
        try (Replication replication = items()) {
            List<String> versions = List.of(
                    change("insert", 5, "20.0", "five"),
                    change("update", 5, "21.0", "unchanged_toast").replace("\"changes\": null", "\"changes\": {}"),
                    change("update", 5, "22.0", "\\u0000"));
            replication.write("sample.jsonl", String.join("\n", versions));
            List<String> plan = replication
                    .run("plan", "--sample", replication.path("sample.jsonl"))
                    .lines();
            assertEquals(List.of(Outcome.WRITTEN, Outcome.WRITTEN, Outcome.DEAD_LETTERED), replication.send(versions));
            assertEquals(
                    List.of(
                            "public.items: 3 messages",
                            "  inserted          1   5",
                            "  updated           1   5",
                            "  dead-lettered     1"),
                    plan.subList(0, 4));
        }
    }

    @Tag("long")
    @Test
    void whatASinkHasIsGivenBack() throws Exception {
        try (Replication replication = items();
                StreamServer server = new StreamServer(0, TestBundle.TOKEN)) {
            var sink = server.sink("items", SinkOptions.defaults());
            replication.bundle().set("sequin.url", server.url()).set("sequin.consumer", "items");
            String metadata = "\"metadata\":{\"table_schema\":\"public\",\"table_name\":\"items\"}";
            server.feed()
                    .offer(
                            List.of(
                                    "{\"record\":{\"id\":1,\"name\":\"a\"}," + metadata + "}",
                                    "{\"record\":{\"id\":7,\"name\":\"b\"}," + metadata + "}"),
                            1);
            assertEquals(
                    List.of(
                            "public.items: 2 messages",
                            "  inserted          1   7",
                            "  updated           1   1",
                            "Nothing was written, and 2 messages were given back."),
                    replication.run("plan").lines());
            assertEquals(2, sink.left());
            assertEquals(0, sink.inFlight());
            assertEquals(0, server.requests().count(RequestKind.ACK));
            assertEquals(List.of("1|one", "2|two", "3|x"), replication.target().rows(ROWS));
        }
    }
}
