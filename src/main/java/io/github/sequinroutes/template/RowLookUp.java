package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.message.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks up the row that a record means, to tell what a template does to it. For one transaction. */
public final class RowLookUp {
    /** Another one after each change of the row, in the same transaction, too. */
    private static final String STATE = "\"sequin stored\".tableoid::text || ' ' || \"sequin stored\".ctid::text";

    private static final Pattern VERSION = Pattern.compile("(\\d{1,18})(?: (\\d{1,18}))?");

    private final TemplateStatement statement;
    private DescribedTemplate described;

    private RowLookUp(TemplateStatement statement) {
        this.statement = statement;
    }

    /** One of the state of a row; null if the template does not tell which row a record means. */
    public static RowLookUp ofState(TemplateStatement template, DescribedTemplate now, MessageFormat format) {
        return of(template, now, format, STATE);
    }

    /** One of the version of a row; null if the template does not tell which row a record means, or its version. */
    public static RowLookUp ofVersion(TemplateStatement template, DescribedTemplate now, MessageFormat format) {
        return of(template, now, format, version(now.shape(), format));
    }

    private static RowLookUp of(
            TemplateStatement template, DescribedTemplate now, MessageFormat format, String selected) {
        TemplateShape shape = now.shape();
        if (selected == null || shape == null || shape.columns() == null || shape.conflictColumns() == null) {
            return null;
        }
        try {
            Template row = KeepingTemplate.row(template.template(), shape, format.dataField(), selected);
            return new RowLookUp(new TemplateStatement(row, template.maxRecordSize()));
        } catch (TemplateException notTold) {
            return null;
        }
    }

    /** The version of a row, with blanks between its parts; null if the template stores them in no column. */
    private static String version(TemplateShape shape, MessageFormat format) {
        if (shape == null) {
            return null;
        }
        StoredColumns stored = new StoredColumns(shape);
        List<String> parts = new ArrayList<>();
        for (List<String> path : format.version()) {
            String column = stored.copyOf(path);
            if (column == null) {
                return null;
            }
            parts.add(KeepingExpressions.column(KeepingTemplate.STORED, column) + "::text");
        }
        return String.join(" || ' ' || ", parts);
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
     * What is looked up of the row, or null if there is no such row.
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

    /**
     * The version of the row, or null if there is no such row, or its version is not known.
     *
     * @throws SQLException if a value cannot be one of its column
     */
    public Version findVersion(Connection connection, Message record) throws SQLException {
        String text = find(connection, record);
        Matcher parts = VERSION.matcher(text == null ? "" : text);
        return parts.matches()
                ? new Version(
                        Long.parseLong(parts.group(1)), parts.group(2) == null ? 0 : Long.parseLong(parts.group(2)))
                : null;
    }
}
