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
        TokenCursor cursor = new TokenCursor(statement.tokens());
        cursor.at = part.from();
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
        int as = asBefore(before);
        String name = as < 1 ? null : nameBefore(as);
        if (name != null) {
            List<String> given = namesBefore(as);
            put(name, given.isEmpty() ? names : given, values);
        } else if (behind < part.to()) {
            cursor.skip("as");
            name = cursor.isName() ? statement.name(cursor.at) : null;
            cursor.at += name == null ? 0 : 1;
            if (name != null && cursor.is("(")) {
                List<Integer> list = cursor.names();
                names = list == null
                        ? names
                        : list.stream().map(statement::name).toList();
            }
            if (name != null) {
                put(name, names, values);
            }
        }
    }

    private void put(String name, List<String> columns, List<Range> values) {
        Map<String, Range> known = rows.computeIfAbsent(name, any -> new HashMap<>());
        for (int i = 0; i < Math.min(columns.size(), values.size()); i++) {
            known.put(columns.get(i), values.get(i));
        }
    }

    private boolean isAt(int token, String keyword) {
        return statement.is(token, keyword);
    }

    /** Where {@code as} stands in {@code name (columns) as (}, or -1. */
    private int asBefore(int bracket) {
        int at = bracket - 1;
        at -= isAt(at, "materialized") ? 1 : 0;
        at -= isAt(at, "not") ? 1 : 0;
        return isAt(at, "as") ? at : -1;
    }

    /** The columns in {@code name (columns) as (}; none if there are none. */
    private List<String> namesBefore(int as) {
        List<String> names = new ArrayList<>();
        for (int at = as - 2; isAt(as - 1, ")") && at > 0 && !isAt(at, "("); at--) {
            if (statement.name(at) != null) {
                names.add(0, statement.name(at));
            }
        }
        return names;
    }

    /** The name in {@code name (columns) as (}, or null. */
    private String nameBefore(int as) {
        int at = as - 1;
        while (isAt(as - 1, ")") && at > 0 && !isAt(at, "(")) {
            at--;
        }
        at -= isAt(as - 1, ")") ? 1 : 0;
        return at < 0 ? null : statement.name(at);
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
