package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** Checks the templates of collections against the live schema, and writes nothing. */
public final class TemplateChecks {
    private TemplateChecks() {}

    /**
     * All problems of all templates, sorted by file and place. Errors stop a collection, or make its table wrong.
     *
     * @param connection  to the database of the tables; in a transaction, or not: it stays as it was
     * @param collections all those of a bundle, because some checks are about two of them
     * @throws SQLException if the database does not answer
     */
    public static List<Problem> check(Connection connection, List<CheckedCollection> collections) throws SQLException {
        return List.of();
    }
}
