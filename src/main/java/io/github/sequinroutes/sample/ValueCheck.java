package io.github.sequinroutes.sample;

import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Tries records in a transaction that is rolled back: what the database does not take is found once for each kind. */
final class ValueCheck {
    private static final long RECORD_MILLIS = 10_000;
    private static final Pattern PARAMETER = Pattern.compile("parameter \\$(\\d{1,4})");
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|\\([^)]*\\)");

    private final Connection connection;
    private final Map<String, Finding> findings = new LinkedHashMap<>();

    private static final class Finding {
        private final String file;
        private final String line;
        private final boolean isWarning;
        private int others;

        Finding(String file, String line, boolean isWarning) {
            this.file = file;
            this.line = line;
            this.isWarning = isWarning;
        }

        Problem problem() {
            Problem problem = PlacedText.read(line, file);
            String text = problem.text() + (others == 0 ? "" : "; and so for %d more".formatted(others));
            return new Problem(problem.file(), problem.line(), problem.column(), isWarning, text);
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
        TemplateStatement.Described described = null;
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
                        connection, described, List.of(record.message()), Map.of(), RECORD_MILLIS, Way.SINGLY);
                connection.releaseSavepoint(before);
            } catch (SQLException e) {
                if (Failures.sqlCause(e) instanceof PSQLException && !Failures.isReportedByServer(e)) {
                    throw e;
                }
                connection.rollback(before);
                if (described == null) {
                    return; // what is wrong with the template itself is told as such
                }
                note(statement, record, e);
            }
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
            note(file + problem, record.place() + ": " + text, file, false);
            return false;
        }
    }

    private void note(TemplateStatement statement, SampleRecord record, SQLException failure) {
        ServerErrorMessage server =
                Failures.sqlCause(failure) instanceof PSQLException p ? p.getServerErrorMessage() : null;
        int path = path(statement, record.message(), server);
        String file = statement.template().file();
        String where = path < 0
                ? column(server)
                : ", at " + PathCheck.text(statement.template().paths().get(path));
        String text = record.name() + " of " + record.message().collection() + " does not fit" + where + ": "
                + Failures.describe(failure) + "; change the template or the column, or it will be a dead letter";
        String line = path < 0 ? file + ":1:1: " + text : statement.template().atPath(path, text);
        String state = String.valueOf(Failures.sqlState(failure));
        String kind = file
                + path
                + where
                + state
                + QUOTED.matcher(Failures.headline(failure)).replaceAll("");
        note(kind, line, file, isOfOthers(state));
    }

    private void note(String kind, String line, String file, boolean isWarning) {
        Finding known = findings.putIfAbsent(kind, new Finding(file, line, isWarning));
        if (known != null) {
            known.others++;
        }
    }

    /** Whether it depends on other rows or other users, and so may go well another time. */
    private static boolean isOfOthers(String state) {
        return state.equals("23503") || state.startsWith("40") || state.startsWith("55") || state.startsWith("57");
    }

    /** The parameter that the server could not read, if it says so; with values left out, the statement is another. */
    private static int path(TemplateStatement statement, Message message, ServerErrorMessage server) {
        Matcher parameter = PARAMETER.matcher(server == null || server.getWhere() == null ? "" : server.getWhere());
        if (!parameter.find()
                || (message.isDeleted() && !message.format().roots().isEmpty())) {
            return -1;
        }
        int path = Integer.parseInt(parameter.group(1)) - 1;
        return path < statement.template().paths().size() ? path : -1;
    }

    private static String column(ServerErrorMessage server) {
        if (server == null || server.getColumn() == null) {
            return "";
        }
        return ", in column " + server.getColumn();
    }

    /** What has been found. */
    List<Problem> problems() {
        return findings.values().stream().map(Finding::problem).toList();
    }
}
