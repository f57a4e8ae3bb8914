package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What stands in the columns of the rows that a statement makes of a message for itself: {@code from (select :#id as id) v},
 * {@code from (values (:#id)) v (id)} and {@code with v as (select :#id as id)}.
 */
final class SourceColumns {
    private final SqlStatement statement;
    /** By the name of the rows, and that of the column. */
    private final Map<String, Map<String, Range>> rows = new HashMap<>();

    SourceColumns(SqlStatement statement) {
        this.statement = statement;
        if (!statement.isCompound()) {
            read(new Range(0, statement.at()));
            read(statement.source());
        }
    }

    private void read(Range part) {
        TokenCursor cursor = new TokenCursor(statement.tokens(), part.from());
        while (cursor.at < part.to()) {
            if (cursor.is("(") && (cursor.isAt(cursor.at + 1, "select") || cursor.isAt(cursor.at + 1, "values"))) {
                readRows(cursor, part);
            } else {
                cursor.next();
            }
        }
    }

    private void readRows(TokenCursor cursor, Range part) {
        int before = cursor.at;
        cursor.at++;
        boolean isSelect = cursor.skip("select");
        List<Range> values;
        if (isSelect) {
            values = cursor.list();
        } else {
            cursor.at++;
            values = cursor.is("(") ? cursor.items() : List.of();
        }
        cursor.at = before;
        cursor.next();
        int behind = cursor.at;
        List<String> names = values.stream().map(this::label).toList();
        List<String> given = namesBefore(before);
        if (!given.isEmpty()) {
            put(given.get(0), given.size() == 1 ? names : given.subList(1, given.size()), values);
        } else if (behind < part.to()) {
            cursor.skip("as");
            String name = statement.name(cursor.at);
            cursor.at += name == null ? 0 : 1;
            List<Integer> list = name != null && cursor.is("(") ? cursor.names() : null;
            if (name != null) {
                put(
                        name,
                        list == null
                                ? names
                                : list.stream().map(statement::name).toList(),
                        values);
            }
        }
    }

    private void put(String name, List<String> columns, List<Range> values) {
        Map<String, Range> known = rows.computeIfAbsent(name, any -> new HashMap<>());
        for (int i = 0; i < Math.min(columns.size(), values.size()); i++) {
            known.put(columns.get(i), values.get(i));
        }
    }

    /** The names in {@code name (columns) as (}; none if something else stands before the bracket. */
    private List<String> namesBefore(int bracket) {
        int at = bracket - 1;
        at -= statement.is(at, "materialized") ? 1 : 0;
        at -= statement.is(at, "not") ? 1 : 0;
        if (!statement.is(at, "as")) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        at--;
        if (statement.is(at, ")")) {
            for (at--; at > 0 && !statement.is(at, "("); at--) {
                if (statement.name(at) != null) {
                    names.add(0, statement.name(at));
                }
            }
            at--;
        }
        String name = statement.name(at);
        if (name == null) {
            return List.of();
        }
        names.add(0, name);
        return names;
    }

    /** The name of a column in the list of a select. */
    private String label(Range value) {
        List<TemplateToken> tokens = statement.tokens();
        String last = tokens.get(value.to() - 1).name();
        if (last == null || value.to() - value.from() == 1) {
            return last;
        }
        TemplateToken before = tokens.get(value.to() - 2);
        boolean isLabel =
                before.is("as") || before.is(".") || before.is(")") || before.path() != null || before.name() != null;
        return isLabel ? last : null;
    }

    /** What stands in a column of these rows, or null. */
    Range valueOf(String qualifier, String column) {
        if (qualifier != null) {
            return rows.getOrDefault(qualifier, Map.of()).get(column);
        }
        return rows.values().stream()
                .map(columns -> columns.get(column))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The paths in a part, and in the columns of these rows that it names. */
    List<List<String>> paths(Range part) {
        List<List<String>> paths = new ArrayList<>(statement.paths(part));
        for (int at = part.from(); at < part.to(); at++) {
            boolean isQualified = at > part.from() && statement.is(at - 1, ".");
            String name = statement.name(at);
            Range value =
                    name == null ? null : isQualified ? valueOf(statement.name(at - 2), name) : valueOf(null, name);
            boolean isQualifier = at + 1 < part.to() && statement.is(at + 1, ".");
            if (value != null && !isQualifier) {
                paths.addAll(statement.paths(value));
            }
        }
        return paths;
    }
}
