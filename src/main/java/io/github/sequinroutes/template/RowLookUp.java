package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateStatement.Described;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Looks up the row that a record means, to tell what a template does to it. For one transaction. */
public final class RowLookUp {
    /** Another one after each change of the row, in the same transaction, too. */
    static final String VERSION = "\"sequin stored\".tableoid::text || ' ' || \"sequin stored\".ctid::text";

    private final TemplateStatement statement;
    private Described described;

    RowLookUp(TemplateStatement statement) {
        this.statement = statement;
    }

    /**
     * Has the server describe it.
     *
     * @throws SQLException if the rows have no place that tells, as those of a view, or the server does not say
     */
    public void describe(Connection connection) throws SQLException {
        described = statement.describe(connection);
    }

    /**
     * What tells this version of the row from any other, or null if there is no such row.
     *
     * @throws SQLException if a value cannot be one of its column
     */
    public String find(Connection connection, Message record) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(described.sql())) {
            BatchExecution.bind(query, statement.extractTexts(record, described), 1);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }
}
