package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.jdbc.PgArray;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PSQLException;

/** Executes a {@link SetTemplate}: one statement, whatever the number of records. Thread-safe. */
final class SetStatement {
    private final String sql;
    private final List<Integer> parameters;
    private final ParameterKind[] kinds;

    private SetStatement(String sql, List<Integer> parameters, ParameterKind[] kinds) {
        this.sql = sql;
        this.kinds = kinds;
        this.parameters = parameters;
    }

    /**
     * That of a template, in the transaction that is to use the types of its parameters.
     *
     * @param shape the template's, or null
     * @param mark  what tells its text from that for other types
     * @return null if there is none, or the server takes it for something else than the template
     */
    static SetStatement of(
            Connection connection, Template template, TemplateShape shape, ParameterKind[] kinds, String mark)
            throws SQLException {
        SetTemplate.Written written = SetTemplate.write(
                template, shape, Stream.of(kinds).map(ParameterKind::inSets).toList());
        if (written == null || connection.getAutoCommit()) {
            return null;
        }
        Savepoint before = connection.setSavepoint();
        try (PreparedStatement statement =
                connection.prepareStatement(written.template().sql())) {
            statement.getParameterMetaData(); // has the server look at it
            return new SetStatement(written.template().sql() + mark, written.parameters(), kinds);
        } catch (PSQLException refused) {
            if (refused.getServerErrorMessage() == null) {
                throw refused;
            }
            connection.rollback(before);
            return null;
        }
    }

    /** Executes it for these values of the template's parameters, and returns how many rows it has written. */
    int execute(BatchExecution batch, List<PathValues> records) throws SQLException {
        PgConnection connection = batch.connection().unwrap(PgConnection.class);
        try (RoundTrip.Prepared prepared = batch.prepareForAll(sql)) {
            PreparedStatement statement = prepared.statement();
            int next = prepared.before();
            for (int parameter : parameters) {
                next++;
                if (kinds[parameter].inSets().isText()) {
                    statement.setArray(next, new PgArray(connection, TextArray.TYPE, TextArray.of(records, parameter)));
                } else {
                    statement.setObject(next, array(records, parameter), Types.OTHER);
                }
            }
            return prepared.executeUpdate();
        }
    }

    /** The array of the texts of one parameter, of which any may be null. */
    private static String array(List<PathValues> records, int parameter) {
        StringBuilder text = new StringBuilder("{");
        for (PathValues values : records) {
            String value = values.text(parameter);
            text.append(text.length() == 1 ? "" : ",");
            if (value == null) {
                text.append("NULL");
            } else {
                ArrayLiteral.appendQuoted(text, value);
            }
        }
        return text.append('}').toString();
    }
}
