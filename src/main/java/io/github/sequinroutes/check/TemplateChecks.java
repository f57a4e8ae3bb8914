package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

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
        Set<Problem> problems = new LinkedHashSet<>();
        check(connection, collections, problems::addAll);
        return problems.stream().sorted().toList();
    }

    /**
     * The same, told template by template: what has been found before the database no longer answers, or before a table that
     * somebody has locked, is known all the same.
     */
    public static void check(Connection connection, List<CheckedCollection> collections, Consumer<List<Problem>> found)
            throws SQLException {
        new TemplateChecks(connection).check(collections, found);
    }

    private void check(List<CheckedCollection> collections, Consumer<List<Problem>> found) throws SQLException {
        for (CheckedCollection collection : collections) {
            TargetTable table = tables.read(StatementReader.read(collection.upsert()));
            if (table != null) {
                writers.putIfAbsent(table.id(), collection.id());
            }
        }
        for (CheckedCollection collection : collections) {
            found.accept(new TemplateCheck(connection, tables, collection, false).run(writers));
            if (collection.delete() != null) {
                found.accept(new TemplateCheck(connection, tables, collection, true).run(writers));
            }
        }
    }
}
