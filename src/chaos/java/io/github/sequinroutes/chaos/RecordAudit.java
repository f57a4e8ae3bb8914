package io.github.sequinroutes.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The audit of what was offered as records: the truth is the newest good version of each. */
final class RecordAudit extends FinalAudit {
    private record Row(long version, boolean deleted, boolean sound, String content) {}

    private final Truth truth;
    private final Connection connection;
    private final Map<RecordSubject, Map<String, Row>> rows = new EnumMap<>(RecordSubject.class);

    /** Compares at once. */
    RecordAudit(Truth truth, Connection connection) throws SQLException {
        this.truth = truth;
        this.connection = connection;
        for (RecordSubject subject : RecordSubject.values()) {
            rows.put(subject, read(subject));
            compare(subject, rows.get(subject));
        }
        compareDeadLetters();
    }

    private Map<String, Row> read(RecordSubject subject) throws SQLException {
        Map<String, Row> read = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select id, coalesce(version, -1), deleted, sound, content from " + subject.view())) {
            while (row.next()) {
                read.put(
                        row.getString(1),
                        new Row(row.getLong(2), row.getBoolean(3), row.getBoolean(4), row.getString(5)));
            }
        }
        return read;
    }

    private void compare(RecordSubject subject, Map<String, Row> found) {
        truth.newest(subject).forEach((id, sample) -> {
            Row row = found.get(id);
            String both = "%s %s: version %d, deleted %s, %s, but %s"
                    .formatted(subject.collection(), id, sample.version(), sample.deleted(), sample.content(), row);
            if (row == null || row.version < sample.version()) {
                addLost(both);
            } else if (row.version > sample.version()
                    || !row.sound
                    || row.deleted != sample.deleted()
                    // a soft deletion may leave what was known of the record
                    || !(row.deleted || sample.content().equals(row.content))) {
                addStale(both);
            }
        });
        found.forEach((id, row) -> {
            if (!truth.newest(subject).containsKey(id)) {
                addStale(subject.collection() + " " + id + ": no good version was offered, but " + row);
            }
        });
    }

    private void compareDeadLetters() throws SQLException {
        Set<String> found = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select record, reason, sqlstate from audit.dead_letters")) {
            while (row.next()) {
                countDeadLetter();
                found.add(row.getString(1));
                Sample poison = truth.poison().get(row.getString(1));
                boolean isWrong =
                        poison == null || (poison.poison() == Poison.SLEEPS && !"57014".equals(row.getString(3)));
                if (isWrong) {
                    addWronglyDeadLettered(row.getString(2) + " " + row.getString(3) + " " + row.getString(1));
                }
            }
        }
        truth.poison().forEach((json, sample) -> {
            if (!found.contains(json) && !isSuperseded(sample)) {
                addLost(sample.poison() + " " + json);
            }
        });
    }

    /** Whether a newer version is written: then nobody needs the poison any more. */
    private boolean isSuperseded(Sample sample) {
        if (!sample.poison().canBeSuperseded()) {
            return false;
        }
        Row row = rows.get(sample.subject()).get(sample.id());
        return row != null && (row.version > sample.version() || sample.poison() == Poison.NO_VERSION);
    }
}
