package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import java.math.BigDecimal;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that a row keeps its version, in columns that can hold it. */
record VersionCheck(SqlStatement statement, TargetTable table, Versions versions, Paths paths, Findings findings) {
    private static final Set<String> WIDE = Set.of("int8", "numeric", "pg_lsn", "_int8", "_numeric", "jsonb");
    /** Of a number with fewer digits, counters of a source that is not small run out. */
    private static final int LEAST_DIGITS = 12;

    private static final Pattern DIGITS = Pattern.compile("numeric\\((\\d+),(-?\\d+)\\)");
    private static final Integer[] OLDER = {9, 0};
    private static final Integer[] NEWER = {10, 0};

    /** Reports columns that cannot hold every version. */
    void types() {
        for (String name : versions.of(0)) {
            TargetTable.Column column = table.column(name);
            boolean isNarrow = column != null && isNarrow(column.type());
            boolean isRounded = column != null && column.type().matches("numeric\\(\\d+,-\\d+\\)");
            boolean isWrong = column != null
                    && column.baseType() != null
                    && (isNarrow || isRounded || !WIDE.contains(column.baseType()));
            if (isWrong) {
                int place = statement.placeOf(name);
                Assignment assignment = statement.assignmentTo(name);
                place = place < 0 && assignment != null ? assignment.column() : place;
                findings.error(
                        Finding.VERSION_TYPE,
                        statement.position(place < 0 ? statement.target().from() : place),
                        ("column %s is %s, and a version needs bigint or numeric%s; alter table %s"
                                        + " alter column %s type bigint")
                                .formatted(
                                        name,
                                        column.type(),
                                        isRounded
                                                ? ": it rounds several to one"
                                                : isNarrow || column.baseType().matches("int[24]")
                                                        ? ": a larger one is rejected (SQLSTATE 22003)"
                                                        : "",
                                        table.name(),
                                        SqlNames.quoted(name)));
            }
        }
    }

    private static boolean isNarrow(String type) {
        Matcher digits = DIGITS.matcher(type);
        return digits.matches() && Integer.parseInt(digits.group(1)) - Integer.parseInt(digits.group(2)) < LEAST_DIGITS;
    }

    /**
     * Reports an update that does not set the version: later messages are compared with that of the first. With a ledger only one
     * that a guard compares all the same.
     */
    void isSet(boolean hasLedger) {
        boolean isCompared = !hasLedger || isGuarded();
        if (!statement.isUpsert() || !statement.isSetKnown() || !isCompared) {
            return;
        }
        for (String name : versions.all()) {
            Assignment assignment = statement.assignmentTo(name);
            if (assignment == null && !findings.isFound(Finding.COMMA)) {
                findings.error(
                        Finding.VERSION,
                        statement.position(statement.setAt()),
                        "%1$s is not set on update, so the row keeps its first version, and %2$s; add %1$s = excluded.%1$s"
                                .formatted(
                                        SqlNames.quoted(name),
                                        hasLedger
                                                ? "the guard compares with that"
                                                : "an old message can overwrite a newer one"));
            } else if (assignment != null) {
                check(name, assignment);
            }
        }
    }

    private boolean isGuarded() {
        ParsedExpression guard = ParsedExpression.of(statement, statement.where());
        return guard != null
                && Mentions.of(guard.root()).columns().stream()
                        .anyMatch(column -> versions.partOf(ParsedExpression.name(column)) >= 0);
    }

    private void check(String name, Assignment assignment) {
        ParsedExpression parsed = ParsedExpression.of(statement, assignment.value());
        if (parsed == null) {
            return;
        }
        Object value = versions.evaluator(parsed, OLDER, NEWER).value(parsed.root());
        Object right = BigDecimal.valueOf(NEWER[versions.partOf(name)]);
        boolean isOther = versions.partOf(name) == 0
                && !value.equals(right)
                && (value instanceof BigDecimal || value.equals(Evaluator.NULL));
        if (isOther) {
            findings.error(
                    Finding.VERSION,
                    statement.position(assignment.value().from()),
                    "on update %1$s does not get the version of the message; write %1$s = excluded.%1$s"
                            .formatted(SqlNames.quoted(name)));
        }
    }
}
