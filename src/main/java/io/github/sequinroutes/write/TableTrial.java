package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateProbe;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a template does to the rows of records. Used by one thread, and in one transaction. */
final class TableTrial {
    private final Connection connection;
    private final CollectionTemplates templates;
    private final WriteAttempt attempt;

    /** In a transaction of the caller's. */
    TableTrial(Connection connection, CollectionTemplates templates, WriteAttempt attempt) {
        this.connection = connection;
        this.templates = templates;
        this.attempt = attempt;
    }

    /**
     * Has the server plan and describe the templates.
     *
     * @throws SQLException if one is wrong, or the table
     */
    void describe() throws SQLException {
        for (TemplateStatement template : templates.all()) {
            template.plan(connection);
            attempt.describe(connection, template);
        }
    }

    /** Writes one record, less the value at a path of its template, and without the ledger. */
    void writeWithout(Message record, List<String> path, long timeoutMillis) throws SQLException {
        TemplateStatement template = templates.of(record);
        new TemplateProbe(template)
                .executeWithout(connection, attempt.describe(connection, template), record, path, timeoutMillis);
    }

    /** The paths of the template of a record, each once. */
    List<List<String>> paths(Message record) {
        return templates.of(record).template().paths().stream().distinct().toList();
    }

    /** Where a path stands in the template of a record. */
    String placeOf(Message record, List<String> path) {
        return templates.of(record).placeOf(path);
    }

    /**
     * Writes one record.
     *
     * @throws SQLException if it cannot be written
     */
    Written write(Message record, long timeoutMillis) throws SQLException {
        attempt.forget();
        attempt.execute(connection, List.of(record), timeoutMillis);
        Integer rows = attempt.executed() == null ? null : attempt.executed().rows();
        return new Written(rows, templates.of(record).kind());
    }

    /**
     * What a template has done.
     *
     * @param rows how many rows it has written, -1 if that is unknown; null if the ledger has kept the record out
     * @param kind what it can do to them
     */
    record Written(Integer rows, TemplateStatement.Kind kind) {}
}
