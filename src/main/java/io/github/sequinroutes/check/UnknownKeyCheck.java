package io.github.sequinroutes.check;

import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateRefusedException;
import io.github.sequinroutes.template.TemplateStatement;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/** Checks that the templates of a collection tell which row a message means: one whose key changes is deleted under its old one. */
record UnknownKeyCheck(Connection connection, CheckedCollection collection, SqlStatement statement, Findings findings) {
    /** Warns if none does. */
    void run() throws SQLException {
        if (!tellsRow(collection.upsert()) && (collection.delete() == null || !tellsRow(collection.delete()))) {
            findings.warning(
                    Finding.UNKNOWN_KEY,
                    statement.position(0),
                    "this does not tell which row a message means, so a row whose key changes stays under its old key as well;"
                            + " write it as insert into … values … on conflict (columns) do update, or add a delete template");
        }
    }

    /** Whether a template does; one that the server refuses has more to be said of than this. */
    private boolean tellsRow(Template template) throws SQLException {
        Savepoint before = connection.getAutoCommit() ? null : connection.setSavepoint();
        TemplateStatement described = new TemplateStatement(template, Integer.MAX_VALUE);
        try {
            described.describe(connection);
            return !described.keyPaths().isEmpty();
        } catch (TemplateRefusedException saidElsewhere) {
            if (before != null) {
                connection.rollback(before);
            }
            return true;
        }
    }
}
