package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.database.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * docs/promises.md 40: dead letters outlive an upgrade, and going back. The version before is here what it sends to the
 * database: the schema of when dead letters had no identity, and its statement that stores one.
 */
class DeadLetterUpgradeTest {
    private static final String STORE = """
            insert into sequin.dead_letters as d
              (consumer, collection, record_id, version, reason, sqlstate, error, message)
            select 'test', ?, ?, cast(? as numeric), 'unknown-collection', null, 'before', ?
            on conflict (sequin.dead_letter_key(consumer, collection, record_id, version, message)) do update set
              message = excluded.message, last_failed_at = excluded.last_failed_at, attempts = d.attempts + 1,
              replayed_at = null""";
    private static final String STATE =
            "select record_id, attempts, identity is not null from sequin.dead_letters order by id";

    private final TestDatabase database;
    private final TestBundle bundle;

    DeadLetterUpgradeTest() throws Exception {
        bundle = new TestBundle();
        database = bundle.database();
    }

    private void migrateBefore() throws SQLException, IOException {
        database.execute(Files.readString(Path.of("src/test/resources/schema/sequin-before-identity.sql")));
    }

    private void migrate() throws SQLException {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(database.url());
        new Database(dataSource, true).migrate();
    }

    private static void storeBefore(Connection connection, String collection, String id, Integer version)
            throws SQLException {
        try (PreparedStatement store = connection.prepareStatement(STORE)) {
            store.setString(1, collection);
            store.setString(2, id);
            store.setObject(3, version);
            store.setString(4, "{\"record\": {\"id\": \"" + id + "\"}}");
            store.executeUpdate();
        }
    }

    private void storeBefore(String collection, String id, Integer version) throws SQLException {
        try (Connection connection = database.connect()) {
            storeBefore(connection, collection, id, version);
        }
    }

    /** Offers records of the collection "c", which has no route. */
    private void offer(String... ids) {
        for (String id : ids) {
            bundle.offer(record("c", id, -1));
        }
    }

    private static String record(String collection, String id, int version) {
        return "{\"collection_id\": \"%s\", \"id\": \"%s\", \"updated_idx\": %d}".formatted(collection, id, version);
    }

    private void awaitAttempts(int attempts) {
        await().ignoreExceptions().until(() -> database.value("select sum(attempts) from sequin.dead_letters")
                .equals(Integer.toString(attempts)));
    }

    @Test
    void whatFailsAgainAfterAnUpgradeIsTheSameDeadLetter() throws Exception {
        try (bundle) {
            migrateBefore();
            String odd = "\u00e9\ud83d\ude00 \\ \"':%_\t\u2028";
            for (String id : List.of("a", odd, "a\\u0000", "a\nb")) {
                storeBefore("c", id, -1);
            }
            storeBefore(null, "a", -1);
            storeBefore("c", "a", null);
            offer("a", odd.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t"));
            // nobody knows whether it was this ID or its literal text
            offer("a\\u0000");
            bundle.start();
            awaitAttempts(9);
            assertEquals(
                    List.of("a|2|t", odd + "|2|t", "a\\u0000|1|f", "a\nb|1|f", "a|1|f", "a|1|f", "a\\u0000|1|t"),
                    database.rows(STATE));
        }
    }

    @Test
    void theVersionBeforeStillRunsWhateverIsStored() throws Exception {
        try (bundle) {
            bundle.offer(
                    record("c", "a\\nb", 1),
                    record("c\\na", "b", 1),
                    record("c", "x\\u0000", 1),
                    record("c", "x\\\\u0000", 1),
                    record("c", "plain", 1),
                    "{\"ack_id\": \"x\"}",
                    "{\"ack_id\": \"y\"}");
            bundle.start();
            awaitAttempts(7);
            bundle.standalone().close();

            migrateBefore();
            for (String id : List.of("plain", "new", "new", "a\nb", "a\nb")) {
                storeBefore("c", id, 1);
            }
            database.execute("update sequin.dead_letters set replayed_at = now()");
            String state = "select record_id, attempts, identity is not null from sequin.dead_letters"
                    + " where record_id in ('plain', 'new', E'a\\nb') order by id";
            assertEquals(List.of("a\nb|1|t", "plain|2|t", "new|2|f", "a\nb|2|f"), database.rows(state));

            // and forward again
            migrate();
            bundle.offer(record("c", "new", 1), record("c", "plain", 1));
            bundle.start();
            awaitAttempts(14);
            assertEquals(List.of("a\nb|1|t", "plain|3|t", "new|3|t", "a\nb|2|f"), database.rows(state));
        }
    }

    @Test
    void processesOfBothVersionsStoreIntoOneTable() throws Exception {
        try (bundle;
                Connection before = database.connect()) {
            migrateBefore();
            for (int i = 0; i < 10; i++) {
                storeBefore(before, "c", "a", -1);
            }
            offer("a", "b");
            bundle.start();
            awaitAttempts(12);
            storeBefore(before, "c", "a", -1);
            storeBefore(before, "c", "b", -1);
            storeBefore(before, "c", "c", -1);
            offer("c", "b");
            awaitAttempts(17);
            assertEquals(List.of("a|12|t", "b|3|t", "c|2|t"), database.rows(STATE));
        }
    }
}
