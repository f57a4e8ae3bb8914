package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class LedgerTest {
    private static final String ISSUES = "select id, title from issues order by id";

    /** A table without a version column, with hard deletes. */
    private static TestBundle issues(String... parameters) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("create table issues (id text primary key, title text not null)");
        bundle.collection(
                "test:issue",
                "insert into issues (id, title) values (:#id, :#data.title)"
                        + " on conflict (id) do update set title = excluded.title");
        Path route = bundle.routes().resolve("collections/test-issue.camel.yaml");
        StringBuilder text = new StringBuilder(Files.readString(route));
        for (int i = 0; i < parameters.length; i += 2) {
            text.append("      - name: %s%n        value: %s%n".formatted(parameters[i], parameters[i + 1]));
        }
        Files.writeString(route, text);
        Files.writeString(
                bundle.routes().resolve("collections/issue.delete.sql"), "delete from issues where id = :#id;");
        return bundle;
    }

    private static TestBundle hardDeletes() throws Exception {
        return issues("delete", "issue.delete.sql");
    }

    private static String issue(String id, long version) {
        return TestRecord.of("test:issue", id, version, "{\"title\": \"v" + version + "\"}");
    }

    private static String deleted(String id, long version) {
        return TestRecord.of("test:issue", id, version, true, "{}");
    }

    @Test
    void aHardDeleteRemovesTheRow() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.offer(issue("a", 1), issue("b", 1)).start().awaitDrained();
            bundle.offer(deleted("a", 2), issue("b", 2)).awaitDrained();
            assertEquals(List.of("b|v2"), bundle.database().rows(ISSUES));
        }
    }

    @Test
    void aStaleUpdateNeverResurrectsADeletedRow() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.offer(issue("a", 1)).start().awaitDrained();
            bundle.offer(deleted("a", 3)).awaitDrained();
            bundle.offer(issue("a", 2)).awaitDrained();
            assertEquals(List.of(), bundle.database().rows(ISSUES));
            bundle.offer(issue("a", 4)).awaitDrained();
            assertEquals(List.of("a|v4"), bundle.database().rows(ISSUES));
        }
    }

    @Test
    void aDeleteForAKeyNeverSeenIsRemembered() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.offer(deleted("a", 3)).start().awaitDrained();
            bundle.offer(issue("a", 2)).awaitDrained();
            assertEquals(List.of(), bundle.database().rows(ISSUES));
            assertEquals(
                    "test:issue|a|3|t",
                    bundle.database().value("select collection, id, version, deleted from sequin.versions"));
        }
    }

    @Test
    void theLedgerGuardsATableWithoutAVersionColumn() throws Exception {
        try (TestBundle bundle = issues("guard", "ledger")) {
            bundle.offer(issue("a", 2), issue("b", 1)).start().awaitDrained();
            bundle.offer(issue("a", 1), issue("b", 3)).awaitDrained();
            assertEquals(List.of("a|v2", "b|v3"), bundle.database().rows(ISSUES));
        }
    }

    @Test
    void aRejectedRecordLeavesNoTraceInTheLedger() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.offer(
                            issue("a", 1),
                            TestRecord.of("test:issue", "bad", 5, "{}"),
                            TestRecord.of("test:issue", "nul\\u0000", 5, "{\"title\": \"x\"}"),
                            TestRecord.of("test:issue", "half\\ud800", 5, "{\"title\": \"x\"}"),
                            "{\"collection_id\": \"test:issue\", \"id\": \"no version\", \"data\": {\"title\": \"x\"}}",
                            issue("c", 1))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|v1", "c|v1"), bundle.database().rows(ISSUES));
            assertEquals(List.of("a", "c"), bundle.database().rows("select id from sequin.versions order by id"));
            assertEquals(
                    List.of(
                            "malformed|~|no version",
                            "rejected|23502|bad",
                            "rejected|22021|half\\ud800",
                            "rejected|22021|nul\\u0000"),
                    bundle.deadLetters());
        }
    }

    @Test
    void deletedRecordsAreForgottenAfterTheRetention() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.set("sequin.ledger-purge", "* * * * * ?").set("sequin.ledger-retention", "1ms");
            bundle.offer(issue("a", 1), deleted("b", 1)).start().awaitDrained();
            await().until(() ->
                    bundle.database().rows("select id from sequin.versions").equals(List.of("a")));
        }
    }

    @Test
    void aDeletedRecordIsNotForgottenWhileADeadLetterOfItCanBeReplayed() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            bundle.set("sequin.ledger-purge", "* * * * * ?").set("sequin.ledger-retention", "1ms");
            bundle.offer(issue("a", 1), TestRecord.of("test:issue", "b", 1, "{}"))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("rejected|23502|b"), bundle.deadLetters());
            bundle.offer(deleted("b", 2), deleted("c", 2)).awaitDrained();
            String known = "select id from sequin.versions where deleted";
            await().until(() -> bundle.database().rows(known).equals(List.of("b")));
            bundle.database().execute("update sequin.dead_letters set replayed_at = now()");
            await().until(() -> bundle.database().rows(known).isEmpty());
        }
    }

    @Test
    void aTableThatTakesOnlyDeletionsIsNotTheFaultOfItsRecords() throws Exception {
        try (TestBundle bundle = hardDeletes()) {
            // the record that it is known to have taken is superseded, and the latest is deleted
            bundle.offer(issue("a", 1)).start().awaitDrained();
            bundle.offer(deleted("a", 2)).awaitDrained();
            bundle.database().execute("alter table issues add constraint none check (false) not valid");
            for (int i = 0; i < 50; i++) {
                bundle.offer(issue("b" + i, 1), deleted("c" + i, 1));
            }
            bundle.awaitUnhealthy("SQLSTATE 23514");
            assertEquals(List.of(), bundle.deadLetters());
            bundle.database().execute("alter table issues drop constraint none");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("50", bundle.database().value("select count(*) from issues"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }
}
