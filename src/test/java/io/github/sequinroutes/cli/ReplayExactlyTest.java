package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.cli.ReplayRun.Result;
import io.github.sequinroutes.sandbox.RequestKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 61: a replay writes exactly what was received, or refuses. */
@Tag("long")
class ReplayExactlyTest {
    private static final String DOC =
            "{\"ack_token\": \"t\", \"record\": {\"collection_id\": \"test:doc\", \"id\": \"%s\", \"updated_idx\": 1, %s}}";
    private static final String UPSERT =
            "insert into docs (id, x) values (:#id, :#x) on conflict (id) do update set x = excluded.x";
    private static final String STATE =
            "select record_id, attempts, replayed_at is not null from sequin.dead_letters order by record_id";

    private final TestBundle bundle = new TestBundle();

    ReplayExactlyTest() throws Exception {
        bundle.database().execute("create table docs (id text primary key, x text)");
    }

    /** Receives bytes while there is no route for them, and stops. */
    private void receive(byte[]... messages) throws Exception {
        for (byte[] message : messages) {
            bundle.server()
                    .faults()
                    .next(
                            1,
                            (exchange, request) -> {
                                exchange.sendResponseHeaders(200, message.length + 2);
                                exchange.getResponseBody().write('[');
                                exchange.getResponseBody().write(message);
                                exchange.getResponseBody().write(']');
                            },
                            RequestKind.NEXT);
        }
        bundle.start();
        await().ignoreExceptions().until(() -> bundle.database()
                .value("select count(*) from sequin.dead_letters")
                .equals(messages.length + ""));
        bundle.standalone().close();
    }

    private static byte[] latin1(String id, String fields) {
        return DOC.formatted(id, fields).getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aTextThatIsNotUtf8FailsAgainAndIsKeptAsItIs() throws Exception {
        try (bundle) {
            byte[] message = latin1("a", "\"x\": \"\u00e4\"");
            receive(message);
            bundle.collection("test:doc", UPSERT);
            for (int attempts = 2; attempts <= 3; attempts++) {
                Result result = ReplayRun.of(bundle, "--all");
                assertEquals("0 replayed, 1 failed again", result.output().substring(0, 26));
                assertEquals(List.of("a|" + attempts + "|f"), bundle.database().rows(STATE));
            }
            assertEquals(
                    HexFormat.of().formatHex(message) + "|rejected|22021",
                    bundle.database()
                            .value("select encode(message_bytes, 'hex'), reason, sqlstate from sequin.dead_letters"));
            assertEquals(List.of(), bundle.database().rows("select * from docs"));
        }
    }

    @Test
    void aRawNulFailsAgainAndIsKeptAsItIs() throws Exception {
        try (bundle) {
            byte[] message = latin1("a", "\"x\": \"1\0\"");
            receive(message);
            bundle.collection("test:doc", UPSERT);
            assertEquals(
                    "0 replayed, 1 failed again",
                    ReplayRun.of(bundle, "--all").output().substring(0, 26));
            assertEquals(List.of("a|2|f"), bundle.database().rows(STATE));
            assertEquals(
                    HexFormat.of().formatHex(message),
                    bundle.database().value("select encode(message_bytes, 'hex') from sequin.dead_letters"));
        }
    }

    @Test
    void whatNobodyAsksForDoesNotHoldTheRestBack() throws Exception {
        try (bundle) {
            receive(
                    latin1("a", "\"x\": \"1\", \"y\": \"\u00e4\0\""),
                    DOC.formatted("b", "\"x\": \"\ufffd\u00e4\"").getBytes(StandardCharsets.UTF_8));
            bundle.collection("test:doc", UPSERT);
            assertEquals(
                    "2 replayed, 0 failed again, 0 left because their collection is paused.",
                    ReplayRun.of(bundle, "--all").output().strip());
            assertEquals(List.of("a|1", "b|\ufffd\u00e4"), bundle.database().rows("select * from docs order by id"));
            assertEquals(List.of("a|1|t", "b|1|t"), bundle.database().rows(STATE));
        }
    }

    /** An earlier version put U+FFFD in place of what is not UTF-8, and kept nothing else. */
    @Test
    void whatAnEarlierVersionMayHaveSpoiledIsRefused() throws Exception {
        try (bundle) {
            bundle.collection("test:doc", UPSERT);
            ReplayRun.of(bundle); // makes the table
            for (String id : List.of("good", "spoiled")) {
                storeAsBefore(id, DOC.formatted(id, "\"x\": \"" + (id.equals("good") ? "\u00e4" : "\ufffd") + "\""));
            }
            storeAsBefore("nonsense", "[");
            Result result = ReplayRun.of(bundle, "--all");
            assertEquals(1, result.status());
            assertTrue(result.output().startsWith("1 replayed, 0 failed again, 0 left"), result.output());
            assertTrue(result.output().contains("2 refused"), result.output());
            assertEquals("good|\u00e4", bundle.database().value("select * from docs"));
            assertEquals(
                    List.of("good|1|t", "nonsense|1|f", "spoiled|1|f"),
                    bundle.database().rows(STATE));

            // who knows better says so, as docs/failures.md has it
            String update = Files.readAllLines(Path.of("docs/failures.md")).stream()
                    .filter(line -> line.startsWith("    update sequin.dead_letters "))
                    .findFirst()
                    .orElseThrow();
            bundle.database().execute(update.replace("id = 17", "record_id = 'spoiled'"));
            ReplayRun.of(bundle, "--all");
            assertEquals(
                    List.of("good|\u00e4", "spoiled|\ufffd"), bundle.database().rows("select * from docs order by id"));
        }
    }

    /** An earlier version knew no identity; of an ID with a line break the database cannot tell what it was. */
    @Test
    void whatAnEarlierVersionStoredFailsAgainAsTheSameDeadLetter() throws Exception {
        try (bundle) {
            ReplayRun.of(bundle); // makes the table
            storeAsBefore("a\nb", DOC.formatted("a\\nb", "\"x\": 1"));
            storeAsBefore("c", DOC.formatted("c", "\"x\": 1"));
            storeAsBefore("a\nb", DOC.formatted("a\\nb", "\"x\": 1"));
            assertTrue(ReplayRun.of(bundle, "--all").output().startsWith("0 replayed, 3 failed again"));
            assertEquals(
                    List.of("a\nb|1|f", "a\nb|3|f", "c|2|f"),
                    bundle.database().rows(STATE.replace("by record_id", "by record_id, attempts")));
        }
    }

    private void storeAsBefore(String id, String message) throws Exception {
        bundle.database()
                .execute("insert into sequin.dead_letters"
                        + " (consumer, collection, record_id, version, reason, error, message) values"
                        + " ('test', 'test:doc', '%s', 1, 'unknown-collection', '', '%s')".formatted(id, message));
    }

    @Test
    void showsBothTheTextAndTheBytes() throws Exception {
        try (bundle) {
            byte[] message = latin1("a", "\"x\": \"\u00e4\"");
            receive(message);
            String id = bundle.database().value("select id from sequin.dead_letters");
            String output = ReplayRun.of(bundle, "--show", id).output();
            assertTrue(output.contains("\"x\": \"\ufffd\"}}"), output);
            assertTrue(output.contains(HexFormat.of().formatHex(message)), output);
        }
    }

    @Test
    void nothingThatWasReceivedForgesALine() throws Exception {
        try (bundle) {
            String forged =
                    "\\n%1$s\\r%1$s\\u0085%1$s\\u2028%1$s\\u001b[31m\\u202e".formatted("reason          forged");
            receive("{\"ack_token\": \"t\",\n\"record\": {\"collection_id\": \"c%s\", \"id\": \"i%s\"}}"
                    .formatted(forged, forged)
                    .getBytes(StandardCharsets.UTF_8));
            String id = bundle.database().value("select id from sequin.dead_letters");
            bundle.database()
                    .execute("update sequin.dead_letters set error = error || E'\\n\\x1breason          forged'");
            String shown = ReplayRun.of(bundle, "--show", id).output();
            String listed = ReplayRun.of(bundle).output();
            // a table of kinds with its one line, a list with its one line and what stands above it, and how to replay
            // it
            assertEquals(8, listed.split("\\R").length, listed);
            for (String output : List.of(shown, listed)) {
                assertFalse(output.lines().anyMatch(line -> line.startsWith("reason          forged")), output);
                assertTrue(output.contains("c\\nreason          forged\\rreason"), output);
                assertTrue(
                        output.replace(System.lineSeparator(), "")
                                .codePoints()
                                .noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e),
                        output);
            }
            // the columns are exact all the same
            assertEquals("t", bundle.database().value("select record_id like E'i\\n%\\r%' from sequin.dead_letters"));
        }
    }
}
