package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateProbe.Variant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Records made of the rows that a table has. They stand in for others where a record has no company: a table that is in
 * order takes them. Each does what the record would: if that has a row already, a row gets the values of another; if not, a
 * row's values come under an ID that no other has. What must be unique stays unique. For one transaction.
 */
public final class StandIns {
    private static final int MAX = 3;
    /** Of so many those are taken that lack least: what a trigger does for a value it does not do for none. */
    private static final int LOOKED_AT = 100;

    private static final String ROWS = """
            select %s from (select %s from %s limit %d) as "sequin stored"
            order by num_nonnulls(%s) desc limit %d""";

    private static final String UNIQUE = """
            select attname from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
            where indrelid = to_regclass(?) and (indisunique or indisexclusion)""";

    private final Connection connection;
    private final TemplateStatement template;
    private final DescribedTemplate now;
    /** The column that holds the value of each parameter just as it is sent, or null. */
    private final List<String> columns = new ArrayList<>();

    private StandIns(Connection connection, TemplateStatement template, DescribedTemplate now) {
        this.connection = connection;
        this.template = template;
        this.now = now;
        Map<List<String>, String> byPath = new HashMap<>();
        now.shape()
                .valuesByColumn()
                .forEach((column, value) -> byPath.putIfAbsent(now.shape().path(value), column));
        now.shape()
                .conflictColumns()
                .forEach(key ->
                        byPath.put(now.shape().path(now.shape().valuesByColumn().get(key)), key));
        template.template().paths().forEach(path -> columns.add(byPath.get(path)));
    }

    /**
     * The texts of the parameters for each stand-in; none if there are no rows, or the template does not tell what it makes
     * of its values.
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
        look.describe(connection);
        return new StandIns(connection, template, now).of(record, look.find(connection, record) != null);
    }

    private List<String[]> of(Message record, boolean isThere) throws SQLException {
        Set<String> known = new HashSet<>(columns);
        if (!known.containsAll(now.shape().conflictColumns())) {
            return List.of();
        }
        String[] texts = template.extractTexts(record, now);
        Set<String> unique = unique();
        List<Map<String, String>> rows = rows();
        List<String[]> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Map<String, String> other = rows.get((i + 1) % rows.size());
            if (!isThere) {
                String[] anew = new TemplateProbe(template).vary(record, texts, Variant.WITH_ANOTHER_ID);
                all.add(with(anew, other, unique, false));
            } else if (rows.size() > 1) { // what changes nothing may be spared
                all.add(with(with(texts, rows.get(i), unique, true), other, unique, false));
            }
        }
        return all;
    }

    /** These texts with what the row has, in the columns that must be unique, or in all others. */
    private String[] with(String[] texts, Map<String, String> row, Set<String> unique, boolean ofUnique) {
        String[] changed = texts.clone();
        for (int i = 0; i < changed.length; i++) {
            String column = columns.get(i);
            if (column != null && unique.contains(column) == ofUnique) {
                changed[i] = row.get(column);
            }
        }
        return changed;
    }

    private Set<String> unique() throws SQLException {
        Set<String> unique = new HashSet<>(now.shape().conflictColumns());
        try (PreparedStatement query = connection.prepareStatement(UNIQUE)) {
            query.setString(1, ShapeLookUp.quoted(now.shape().target()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    unique.add(row.getString(1));
                }
            }
        }
        return unique;
    }

    private List<Map<String, String>> rows() throws SQLException {
        List<String> names =
                columns.stream().filter(column -> column != null).distinct().toList();
        List<String> quoted = names.stream()
                .map(name -> KeepingExpressions.column(KeepingTemplate.STORED, name))
                .toList();
        String sql = ROWS.formatted(
                String.join("::text, ", quoted) + "::text",
                names.stream().map(ShapeLookUp::quoted).collect(Collectors.joining(", ")),
                ShapeLookUp.quoted(now.shape().target()),
                LOOKED_AT,
                String.join(", ", quoted),
                MAX);
        List<Map<String, String>> rows = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                Map<String, String> values = new HashMap<>();
                for (int i = 0; i < names.size(); i++) {
                    values.put(names.get(i), row.getString(i + 1));
                }
                rows.add(values);
            }
        }
        return rows;
    }
}
