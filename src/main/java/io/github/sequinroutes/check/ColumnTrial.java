package io.github.sequinroutes.check;

import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Tries whether the columns of a row have what its newest message says, however often it comes and whatever came before. */
record ColumnTrial(Trial trial, Findings findings) {
    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8", "numeric", "float4", "float8", "money");

    /** Reports what is wrong. */
    void run() throws SQLException {
        for (TargetTable.Column column : trial.table.columns()) {
            // PostgreSQL sets these itself
            boolean isTried = trial.firstRow.containsKey(column.name())
                    && !trial.versions.contains(column.name())
                    && !column.isComputed();
            if (isTried && !isRepeated(column)) {
                checkUpdate(column.name());
            }
            if (isTried) {
                staysNull(column);
            }
        }
    }

    /** Reports a column that the same message changes each time; a count of messages says nothing of the record. */
    private boolean isRepeated(TargetTable.Column column) throws SQLException {
        String name = column.name();
        String once = trial.firstRow.get(name);
        String twice = value(name, trial.first, trial.first);
        Message other = trial.records.written(1, 10, 30);
        boolean isSteady = Objects.equals(once, twice)
                || Objects.equals(twice, value(name, trial.first, trial.first, trial.first))
                || Objects.equals(once, value(name, other));
        if (isSteady) {
            return false;
        }
        String text = "each time that a message comes again it changes " + SqlNames.quoted(name)
                + " once more; "
                + (trial.upsert.setsInserted(name)
                        ? "insert what depends on the message alone"
                        : "write %1$s = excluded.%1$s".formatted(SqlNames.quoted(name)));
        findings.report(NUMBERS.contains(String.valueOf(column.baseType())), Finding.REPEATED, place(name), text);
        return true;
    }

    /** Reports a column that an update sets from its message to something else than an insert would. */
    private void checkUpdate(String name) throws SQLException {
        Message first = trial.first;
        Message second = trial.records.written(1, 20, 20);
        Message otherSecond = trial.records.written(1, 20, 30);
        String inserted = value(name, second);
        String updated = value(name, first, second);
        boolean isOther = !trial.upsert.setsInserted(name)
                && trial.row(second) != null
                && trial.row(first, second) != null
                && !Objects.equals(updated, inserted)
                && !Objects.equals(updated, trial.firstRow.get(name))
                // of the second message alone, and of what it says
                && !Objects.equals(updated, value(name, first, otherSecond))
                && Objects.equals(updated, value(name, trial.records.written(1, 10, 30), second));
        if (!isOther) {
            return;
        }
        String quoted = SqlNames.quoted(name);
        if (Objects.equals(inserted, value(name, otherSecond))) {
            findings.warning(
                    Finding.NOT_INSERTED,
                    place(name),
                    quoted + " has nothing of the first message of a record, only of later ones; add " + quoted
                            + " to the columns of the insert, with its value");
        } else {
            findings.warning(
                    Finding.UPDATE_DIFFERS,
                    place(name),
                    "an update writes something else into " + quoted + " than an insert of the same message;"
                            + " write " + quoted + " = excluded." + quoted);
        }
    }

    /** Warns of a column that no update gives a value once it has none, as {@code t.meta || excluded.meta}. */
    private void staysNull(TargetTable.Column column) throws SQLException {
        String name = column.name();
        Message none = trial.records.withoutData(1, 10);
        Message second = trial.records.written(1, 20, 20);
        Message third = trial.records.written(1, 30, 30);
        String updated = value(name, trial.first, second);
        boolean staysNull = trial.row(none, second, third) != null
                && value(name, none) == null
                && value(name, none, second) == null
                && value(name, none, second, third) == null
                && value(name, second) != null
                && updated != null
                && !updated.equals(trial.firstRow.get(name));
        if (staysNull && trial.rows(none).equals(trial.rows(none, second, third))) {
            if (!findings.isFound(Finding.GUARD)) {
                findings.warning(
                        Finding.GUARD,
                        Trial.place(trial.upsert),
                        "a row whose " + SqlNames.quoted(name)
                                + " is null is never overwritten, whatever comes; write is distinct from instead of <>, or leave the"
                                + " column out of the guard");
            }
        } else if (staysNull) {
            String type = String.valueOf(column.baseType());
            String empty =
                    NUMBERS.contains(type) ? "0" : type.startsWith("json") || type.startsWith("_") ? "'{}'" : "''";
            String own = trial.upsert.qualifier() + "." + SqlNames.quoted(name);
            findings.warning(
                    Finding.VALUE,
                    place(name),
                    "once " + SqlNames.quoted(name)
                            + " is null it stays so, whatever comes; write coalesce(" + own + ", " + empty
                            + ") instead of " + own);
        }
    }

    private String value(String column, Message... messages) throws SQLException {
        Map<String, String> row = trial.row(messages);
        return row == null ? null : row.get(column);
    }

    private int place(String column) {
        return Trial.place(trial.upsert, column);
    }
}
