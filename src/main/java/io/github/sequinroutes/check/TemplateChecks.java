package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the templates of collections against the live schema, and writes nothing. */
public final class TemplateChecks {
    private final Connection connection;
    private final TableReader tables;
    private final Map<Long, String> writers = new HashMap<>();

    private TemplateChecks(Connection connection) {
        this.connection = connection;
        tables = new TableReader(connection);
    }

    /**
     * All problems of all templates, sorted by file and place. Errors stop a collection, or make its table wrong.
     *
     * @param connection  to the database of the tables; in a transaction, or not: it stays as it was
     * @param collections all those of a bundle, because some checks are about two of them
     * @throws SQLException if the database does not answer
     */
    public static List<Problem> check(Connection connection, List<CheckedCollection> collections) throws SQLException {
        return new TemplateChecks(connection).check(collections);
    }

    private List<Problem> check(List<CheckedCollection> collections) throws SQLException {
        for (CheckedCollection collection : collections) {
            TargetTable table = tables.read(StatementReader.read(collection.upsert()));
            if (table != null) {
                writers.putIfAbsent(table.id(), collection.id());
            }
        }
        Set<Problem> problems = new LinkedHashSet<>();
        for (CheckedCollection collection : collections) {
            problems.addAll(new TemplateCheck(connection, tables, collection, false).run(writers));
            if (collection.delete() != null) {
                problems.addAll(new TemplateCheck(connection, tables, collection, true).run(writers));
            }
        }
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(null);
        return sorted;
    }
}
