package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.failure.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The columns that a statement names and its table does not have: each is reported once, with all of its places. */
final class UnknownColumns {
    /** What every table has. */
    private static final Set<String> SYSTEM = Set.of("ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid");

    /** The types of what a record says itself; all else is text until its owner knows better. */
    private static final Map<String, String> TYPES = Map.of(":#updated_idx", "bigint", ":#deleted", "boolean");

    /** Of more columns only the nearest are named. */
    private static final int MANY_COLUMNS = 8;

    private final SqlStatement statement;
    private final TargetTable table;
    private final Findings findings;
    /** By name: what is wrong at each place, by position. */
    private final Map<String, TreeMap<Integer, String>> unknown = new LinkedHashMap<>();

    UnknownColumns(SqlStatement statement, TargetTable table, Findings findings) {
        this.statement = statement;
        this.table = table;
        this.findings = findings;
    }

    /** A token names a column that gets a value. */
    void written(int token) {
        String last = statement.targetName().get(statement.targetName().size() - 1);
        note(token, token, "column \"%s\" of relation \"" + last.replace("%", "%%") + "\" does not exist");
    }

    /** A token names a column of the key. */
    void ofConflict(int token) {
        note(token, token, "column \"%s\" does not exist");
    }

    /** A token names a row, and the one after the dot a column of it. */
    void ofRow(int token) {
        note(token, token + 2, "column " + statement.name(token).replace("%", "%%") + ".%s does not exist");
    }

    private void note(int place, int token, String what) {
        String name = statement.name(token);
        if (name != null && table.column(name) == null && !SYSTEM.contains(name)) {
            unknown.computeIfAbsent(name, any -> new TreeMap<>())
                    .putIfAbsent(statement.position(place), what.formatted(name));
        }
    }

    /** Reports them; returns whether there is one. */
    boolean report() {
        unknown.forEach((name, places) -> {
            String others = places.tailMap(places.firstKey(), false).keySet().stream()
                    .map(position -> statement.template().problemAt(position, false, ""))
                    .map(place -> place.line() + ":" + place.column())
                    .collect(Collectors.joining(", "));
            findings.error(
                    places.firstKey(),
                    places.firstEntry().getValue() + " (SQLSTATE " + Refusal.NO_COLUMN + ")"
                            + (others.isEmpty() ? "" : ", here and at " + others) + remedy(name));
            places.keySet().forEach(findings::isReported);
        });
        return !unknown.isEmpty();
    }

    /** What to do about a column that the table does not have. */
    static String hint(TargetTable table, String name) {
        List<String> all = table.columnNames();
        for (String column : all) {
            if (column.equalsIgnoreCase(name)) {
                return "; a name with capitals stands in double quotes: write " + SqlNames.quoted(column);
            }
        }
        String near = Nearest.hint(name, all);
        boolean isShort = all.size() <= MANY_COLUMNS;
        return near.isEmpty()
                ? "; " + table.name() + " has "
                        + (isShort ? "" : all.size() + " columns, the nearest of which are ")
                        + String.join(", ", isShort ? all : Nearest.several(name, all))
                : near;
    }

    private String remedy(String name) {
        String hint = hint(table, name);
        int place = statement.placeOf(name);
        boolean isMeant = hint.contains("did you mean") || hint.contains("double quotes");
        return place < 0 || !table.isTable() || isMeant
                ? hint
                : "; add it, with the type that it is to have: alter table " + table.name() + " add column "
                        + SqlNames.quoted(name) + " " + type(place);
    }

    /** The type that the value of a column of the insert tells. */
    private String type(int place) {
        int number = statement.columns().indexOf(place);
        if (statement.values() == null || number >= statement.values().size()) {
            return "text";
        }
        Range value = statement.values().get(number);
        return value.to() == value.from() + 1 ? TYPES.getOrDefault(statement.text(value.from()), "text") : "text";
    }
}
