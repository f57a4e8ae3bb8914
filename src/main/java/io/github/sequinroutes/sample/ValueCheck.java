package io.github.sequinroutes.sample;

import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.DescribedTemplate;
import io.github.sequinroutes.template.PathTrial;
import io.github.sequinroutes.template.TemplateProbe;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Tries records in a transaction that is rolled back: what the database does not take is found once for each kind. */
final class ValueCheck {
    private static final long RECORD_MILLIS = 10_000;
    /** For so many records of a collection it is found out which value is at fault, if PostgreSQL does not say so. */
    private static final int MAX_PATH_TRIALS = 5;

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|\\([^)]*\\)");

    private final Connection connection;
    private final Map<String, Finding> findings = new LinkedHashMap<>();

    private int pathTrials;

    private static final class Finding {
        private final Problem first;
        private int others;

        Finding(Problem first) {
            this.first = first;
        }

        Problem problem() {
            String text = first.text() + (others == 0 ? "" : "; and so for %d more".formatted(others));
            return new Problem(first.file(), first.line(), first.column(), first.isWarning(), text);
        }
    }

    /** On a connection whose transaction is rolled back at the end. */
    ValueCheck(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set constraints all immediate");
            statement.execute("set local lock_timeout = '5s'");
        }
    }

    /**
     * Tries records, each by itself.
     *
     * @throws SQLException if the database cannot be asked any more
     */
    void tryAll(TemplateStatement statement, List<SampleRecord> records) throws SQLException {
        DescribedTemplate described = null;
        for (SampleRecord record : records) {
            if (record.message().lacksValues()) {
                continue; // it needs the row that is there
            }
            Savepoint before = connection.setSavepoint();
            try {
                if (described == null) {
                    described = statement.describe(connection);
                }
                if (!hasVersion(statement, record)) {
                    continue;
                }
                statement.execute(
                        connection,
                        new RoundTrip(),
                        described,
                        List.of(record.message()),
                        Map.of(),
                        RECORD_MILLIS,
                        Way.SINGLY);
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                requireConnection(e);
                connection.rollback(before);
                if (described == null) {
                    return; // what is wrong with the template itself is told as such
                }
                note(statement, described, record, e);
            }
        }
    }

    private static void requireConnection(SQLException failure) throws SQLException {
        if (Failures.sqlCause(failure) instanceof PSQLException && !Failures.isReportedByServer(failure)) {
            throw failure;
        }
    }

    /** Whether a record has the version that the template needs; it is the record, and not the template, that is wrong else. */
    private boolean hasVersion(TemplateStatement statement, SampleRecord record) {
        try {
            statement.checkVersion(record.message());
            return true;
        } catch (MalformedRecordException e) {
            String file = statement.template().file();
            String problem = record.message().versionProblem().replaceFirst("^it ", "");
            String text = record.name() + " of " + record.message().collection() + " " + problem + ", and " + file
                    + " needs a version; give it one, or it will be a dead letter";
            note(file + problem, PlacedText.read(record.place() + ": " + text, file));
            return false;
        }
    }

    private void note(
            TemplateStatement statement, DescribedTemplate described, SampleRecord record, SQLException failure)
            throws SQLException {
        String file = statement.template().file();
        String known = statement.placeOf(record.message(), failure);
        String place = known == null ? findPlace(statement, described, record.message(), failure) : known;
        Problem value = PlacedText.read(place == null ? file + ":1:1: " : place, file);
        String text = record.name() + " of " + record.message().collection() + " does not fit"
                + (place == null ? column(failure) : ", at " + value.text()) + ": " + Failures.describe(failure)
                + "; change the template or the column, or it will be a dead letter";
        String state = String.valueOf(Failures.sqlState(failure));
        String headline = QUOTED.matcher(Failures.headline(failure)).replaceAll("");
        note(
                String.join("\n", file, place, column(failure), state, headline),
                new Problem(value.file(), value.line(), value.column(), isOfOthers(state), text));
    }

    /** Where the value that is at fault stands, found out by trying; null if no single one is, or it is not worth it. */
    private String findPlace(
            TemplateStatement statement, DescribedTemplate described, Message message, SQLException failure)
            throws SQLException {
        if (isOfOthers(String.valueOf(Failures.sqlState(failure))) || pathTrials++ >= MAX_PATH_TRIALS) {
            return null;
        }
        List<List<String>> paths =
                statement.template().paths().stream().distinct().toList();
        List<String> path =
                PathTrial.atFault(paths, failure, one -> failureWithout(statement, described, message, one));
        return path == null ? null : statement.placeOf(path);
    }

    private SQLException failureWithout(
            TemplateStatement statement, DescribedTemplate described, Message message, List<String> path)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            new TemplateProbe(statement).executeWithout(connection, described, message, path, RECORD_MILLIS);
            connection.rollback(before);
            return null;
        } catch (SQLException e) {
            requireConnection(e);
            connection.rollback(before);
            return e;
        }
    }

    private void note(String kind, Problem problem) {
        Finding known = findings.putIfAbsent(kind, new Finding(problem));
        if (known != null) {
            known.others++;
        }
    }

    /** Whether it depends on other rows or other users, and so may go well another time. */
    private static boolean isOfOthers(String state) {
        return state.equals("23503") || state.startsWith("40") || state.startsWith("55") || state.startsWith("57");
    }

    private static String column(SQLException failure) {
        ServerErrorMessage server =
                Failures.sqlCause(failure) instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return server == null || server.getColumn() == null ? "" : ", in column " + server.getColumn();
    }

    /** What has been found. */
    List<Problem> problems() {
        return findings.values().stream().map(Finding::problem).toList();
    }
}
