package io.github.sequinroutes.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The audit of a replica: the truth is the source. Every row is on both sides and the same, but for those whose newest
 * version is poison: that must be a dead letter.
 */
final class RowAudit extends FinalAudit {
    private record Row(long revision, boolean isPoison, String content) {}

    private record Version(String collection, String id, long revision) {}

    private final Connection source;
    private final Connection target;
    private final Set<Version> deadLetters = new HashSet<>();

    /** Compares at once. */
    RowAudit(Connection source, Connection target) throws SQLException {
        this.source = source;
        this.target = target;
        readDeadLetters();
        for (RowSubject subject : RowSubject.ALL) {
            compare(
                    subject,
                    read(source, subject.table() + " where true"),
                    read(target, subject.table() + " where " + subject.alive()));
        }
        compareUnknown();
    }

    private static Map<String, Row> read(Connection connection, String from) throws SQLException {
        Map<String, Row> rows = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select id, revision, audit.is_poison(id, title, amount),"
                        + " row(title, amount, md5(body))::text from " + from)) {
            while (row.next()) {
                rows.put(row.getString(1), new Row(row.getLong(2), row.getBoolean(3), row.getString(4)));
            }
        }
        return rows;
    }

    private void compare(RowSubject subject, Map<String, Row> truth, Map<String, Row> found) {
        truth.forEach((id, expected) -> {
            Row row = found.get(id);
            String both = "%s %s: %s, but %s".formatted(subject.collection(), id, expected, row);
            if (expected.isPoison) {
                if (!deadLetters.contains(new Version(subject.collection(), id, expected.revision))) {
                    addLost(both + ", and no dead letter");
                } else if (row != null && row.revision >= expected.revision) {
                    addStale(both);
                }
            } else if (row == null || row.revision < expected.revision) {
                addLost(both);
            } else if (!row.equals(expected)) {
                addStale(both);
            }
        });
        found.forEach((id, row) -> {
            if (!truth.containsKey(id)) {
                addStale(subject.collection() + " " + id + ": the source has no such row, but " + row);
            }
        });
    }

    private void readDeadLetters() throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("select collection, record_id, reason, sqlstate, revision,"
                        + " is_right, change, error from audit.dead_letters")) {
            while (row.next()) {
                countDeadLetter();
                deadLetters.add(new Version(row.getString(1), row.getString(2), row.getLong(5)));
                if (!row.getBoolean(6)) {
                    addWronglyDeadLettered("%s %s %s %s, revision %d, %s: %s"
                            .formatted(
                                    row.getString(1),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getLong(5),
                                    row.getString(7),
                                    row.getString(8)));
                }
            }
        }
    }

    private void compareUnknown() throws SQLException {
        try (Statement statement = source.createStatement();
                ResultSet row = statement.executeQuery("select id from chaos.unknown")) {
            while (row.next()) {
                if (!deadLetters.contains(new Version("chaos.unknown", row.getString(1), 0))) {
                    addLost("chaos.unknown " + row.getString(1) + ": no dead letter");
                }
            }
        }
    }
}
