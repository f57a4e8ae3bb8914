package io.github.sequinroutes.template;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.Set;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Has the server describe a template: the types of its parameters, or what is wrong with it. */
record TemplateDescriber(Template template, Connection connection) {
    private static final Pattern CALL =
            Pattern.compile("(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*call\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final String EXPLAIN = "explain ";

    /** What a domain says of a null that stands for a value: another value it may take. */
    private static final Set<String> OF_VALUES = Set.of("23502", "23514");

    interface TypeReader<T> {
        T read(ParameterTypes types) throws SQLException;
    }

    /**
     * Has the server describe the parameters, and reads their types.
     *
     * @throws SQLException if the server does not say: with its SQLSTATE and, if it refuses the template, the place in
     *                      the file
     */
    <T> T describe(TypeReader<T> reader) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(template.sql())) {
            return reader.read(ParameterTypes.of(statement, template.sql()));
        } catch (PSQLException e) {
            throw refusal(e, 0);
        }
    }

    /**
     * Has the server plan it, and writes nothing.
     *
     * @throws SQLException if the server refuses it, with its SQLSTATE and the place in the file, or cannot be reached
     */
    void plan() throws SQLException {
        describe(ParameterTypes::kinds);
        if (isCall(template.sql())) {
            return; // which can only be described
        }
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        try (PreparedStatement explained = connection.prepareStatement(EXPLAIN + template.sql())) {
            for (int i = 1; i <= template.paths().size(); i++) {
                explained.setNull(i, Types.OTHER);
            }
            explained.execute();
        } catch (PSQLException e) {
            if (!OF_VALUES.contains(String.valueOf(e.getSQLState()))) {
                throw refusal(e, EXPLAIN.length());
            } else if (before != null) {
                connection.rollback(before);
            }
        }
    }

    /** Whether a statement calls a procedure, and so can neither be prepared by another statement nor planned. */
    static boolean isCall(String sql) {
        return CALL.matcher(sql).lookingAt();
    }

    /** Names the place in the file, if it was the server that refused the template, behind this many characters. */
    private TemplateRefusedException refusal(PSQLException e, int before) throws PSQLException {
        ServerErrorMessage server = e.getServerErrorMessage();
        if (server == null || server.getSQLState().startsWith("57")) {
            throw e;
        }
        return new TemplateRefusedException(template, Math.max(0, server.getPosition() - before), server, e);
    }
}
