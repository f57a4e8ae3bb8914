package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateProbe.Variant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Records made of the rows that a table has. They stand in for others where a record has no company: a table that is in
 * order takes them. Each does what the record would: if that has a row already, a row gets the values of another; if not, a
 * row's values come under an ID that no other has. What must be unique stays unique.
 */
public final class StandIns {
    private static final int MAX = 3;
    /** Of so many those are taken that lack least: what a trigger does for a value it does not do for none. */
    private static final int LOOKED_AT = 100;

    private StandIns() {}

    /**
     * The texts of the parameters for each stand-in; none if there are too few rows, or the template does not tell which row a
     * record means.
     *
     * @param template an upsert
     * @param now      as it has been described in this transaction
     * @throws SQLException if the rows cannot be read
     */
    public static List<String[]> of(
            Connection connection, TemplateStatement template, DescribedTemplate now, Message record)
            throws SQLException {
        RowLookUp look = RowLookUp.ofState(template, now, record.format());
        if (look == null) {
            return List.of();
        }
        List<String> columns = columns(template, now.shape());
        if (!columns.containsAll(now.shape().conflictColumns())) {
            return List.of();
        }
        look.describe(connection);
        boolean isThere = look.find(connection, record) != null;
        String[] own = template.extractTexts(record, now);
        List<String[]> rows = rows(connection, now.shape(), columns, own);
        if (isThere && rows.size() == 1) {
            return List.of(); // it would change nothing, which a table may be spared
        }
        List<String> unique = new ShapeLookUp(connection).unique(now.shape());
        TemplateProbe probe = new TemplateProbe(template);
        List<String[]> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String[] row = rows.get((i + 1) % rows.size());
            String[] keys = isThere ? rows.get(i) : own;
            // made of the row's ID: it may be the record's that is slow
            String[] texts = isThere ? row.clone() : probe.vary(record, row, Variant.WITH_ANOTHER_ID);
            for (int j = 0; j < texts.length; j++) {
                if (unique.contains(columns.get(j)) && Objects.equals(texts[j], row[j])) {
                    texts[j] = keys[j];
                }
            }
            all.add(texts);
        }
        return all;
    }

    /** The column that holds the value of each parameter just as it is sent, or null; that of the key if there are several. */
    private static List<String> columns(TemplateStatement template, TemplateShape shape) {
        Map<List<String>, String> byPath = new HashMap<>();
        shape.valuesByColumn()
                .forEach((column, value) -> byPath.merge(
                        shape.path(value),
                        column,
                        (one, other) -> shape.conflictColumns().contains(one) ? one : other));
        List<String> columns = new ArrayList<>();
        template.template().paths().forEach(path -> columns.add(byPath.get(path)));
        return columns;
    }

    /** The texts of the parameters by which rows may have come; where a row does not tell, the record's own. */
    private static List<String[]> rows(Connection connection, TemplateShape shape, List<String> columns, String[] own)
            throws SQLException {
        List<String> known = columns.stream()
                .filter(Objects::nonNull)
                .distinct()
                .map(column -> KeepingExpressions.column(KeepingTemplate.STORED, column))
                .toList();
        List<String> selected = columns.stream()
                .map(column ->
                        column == null ? "null" : KeepingExpressions.column(KeepingTemplate.STORED, column) + "::text")
                .toList();
        String some = "(select %s from %s as %s limit %d)"
                .formatted(
                        String.join(", ", known),
                        ShapeLookUp.quoted(shape.target()),
                        KeepingTemplate.STORED,
                        LOOKED_AT);
        String sql = "select %s from %s as %s order by num_nonnulls(%s) desc limit %d"
                .formatted(String.join(", ", selected), some, KeepingTemplate.STORED, String.join(", ", known), MAX);
        List<String[]> rows = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                String[] texts = own.clone();
                for (int i = 0; i < texts.length; i++) {
                    texts[i] = columns.get(i) == null ? own[i] : row.getString(i + 1);
                }
                rows.add(texts);
            }
        }
        return rows;
    }
}
