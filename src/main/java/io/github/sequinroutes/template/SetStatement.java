package io.github.sequinroutes.template;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.util.PSQLException;

/** Executes a {@link SetTemplate}: one statement, whatever the number of records. Thread-safe. */
final class SetStatement {
    private final String sql;
    private final List<Integer> parameters;

    private SetStatement(String sql, List<Integer> parameters) {
        this.sql = sql;
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
            return new SetStatement(written.template().sql() + mark, written.parameters());
        } catch (PSQLException refused) {
            if (refused.getServerErrorMessage() == null) {
                throw refused;
            }
            connection.rollback(before);
            return null;
        }
    }

    /** Executes it for these texts of the template's parameters, and returns how many rows it has written. */
    int execute(BatchExecution batch, List<String[]> records) throws SQLException {
        try (PreparedStatement statement = batch.prepare(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, array(records, parameters.get(i)), Types.OTHER);
            }
            return statement.executeUpdate();
        }
    }

    /** The array of the texts of one parameter, of which any may be null. */
    private static String array(List<String[]> records, int parameter) {
        StringBuilder text = new StringBuilder("{");
        for (String[] values : records) {
            text.append(text.length() == 1 ? "" : ",");
            if (values[parameter] == null) {
                text.append("NULL");
            } else {
                ArrayLiteral.appendQuoted(text, values[parameter]);
            }
        }
        return text.append('}').toString();
    }
}
