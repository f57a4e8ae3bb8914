package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Checks that an upsert without a delete template marks the rows of deletions, and no others. */
record MarkCheck(SqlStatement statement, TargetTable table, Paths paths, Deletion deletion, Findings findings) {
    MarkCheck(SqlStatement statement, TargetTable table, Paths paths, Findings findings) {
        this(statement, table, paths, new Deletion(statement, paths), findings);
    }

    /** Reports marks that are not set, or wrongly, and a guard that keeps deletions out. */
    void run() {
        List<String> marks = new ArrayList<>();
        for (int token : statement.columns() == null ? List.<Integer>of() : statement.columns()) {
            String name = statement.name(token);
            if (paths.tellDeletion(statement.pathsOf(name))) {
                marks.add(name);
                checkMark(name, statement.valueOf(name));
            }
        }
        if (statement.isUpsert() && !isInKey(marks)) {
            if (!marks.isEmpty() && statement.isSetKnown() && !isSet(marks)) {
                notSet(marks);
            }
            statement.assignments().forEach(this::checkAssignment);
            keepsOut(marks);
        }
    }

    /** Reports a mark in the key: a deletion then makes a row of its own. */
    private boolean isInKey(List<String> marks) {
        List<Integer> key = statement.conflict().columns();
        for (int token : key == null || key.size() < 2 ? List.<Integer>of() : key) {
            if (marks.contains(statement.name(token))) {
                findings.error(
                        Finding.LOST_DELETES,
                        statement.position(token),
                        "%1$s is in the key, so a deletion inserts a row beside that of its record, which stays alive; take %1$s out of on conflict and of the unique key"
                                .formatted(SqlNames.quoted(statement.name(token))));
                return true;
            }
        }
        return false;
    }

    private String right(String name) {
        return SqlNames.quoted(name) + " = excluded." + SqlNames.quoted(name);
    }

    /** A mark is true, or a time, for a deletion; a column such as active is not. */
    private void checkMark(String name, Range value) {
        Object deleted = deletion.inserted(value, true);
        Object other = deletion.inserted(value, false);
        String wrong = null;
        if (isFalse(deleted)) {
            wrong = isFalse(other)
                    ? "%s is never set, because this is false for deletions as well; write %s"
                    : "a deletion leaves %s unset, and every other message sets it; write %s";
        } else if (deleted.equals(Truth.TRUE) && other.equals(Truth.TRUE)) {
            wrong = "%s is set by every message, because this is true for updates as well; write %s";
        }
        if (wrong != null && Deletion.isDead(name)) {
            report(value, wrong, name, paths.deleted());
        } else if (Deletion.isAlive(name) && deleted.equals(Truth.TRUE) && isFalse(other)) {
            report(value, "a deletion sets %s, and every other message unsets it; write %s", name, alive(name));
        }
    }

    /** What is to be written into a column that says that a record is there. */
    private String alive(String name) {
        TargetTable.Column column = table.column(name);
        String type = column == null ? "bool" : String.valueOf(column.baseType());
        String value = type.equals("bool")
                ? "not (%s)"
                : type.startsWith("int") ? "case when %s then 0 else 1 end" : "case when %s then 'N' else 'Y' end";
        return value.formatted(paths.deleted());
    }

    private static boolean isFalse(Object value) {
        return value.equals(Truth.FALSE) || value.equals(Evaluator.NULL) || value.equals(Truth.NULL);
    }

    private void report(Range place, String text, String... names) {
        findings.error(Finding.LOST_DELETES, statement.position(place.from()), text.formatted((Object[]) names));
    }

    private boolean isSet(List<String> marks) {
        return statement.assignments().stream().anyMatch(assignment -> mention(assignment.value(), marks) >= 0);
    }

    /** Where a part says whether it is a deletion, or -1. */
    private int mention(Range part, List<String> marks) {
        for (int at = part.from(); at < part.to(); at++) {
            TemplateToken token = statement.tokens().get(at);
            boolean isExcluded = at >= part.from() + 2
                    && statement.is(at - 1, ".")
                    && "excluded".equals(statement.name(at - 2))
                    && marks.contains(String.valueOf(token.name()));
            if (isExcluded || (token.path() != null && paths.isDeleted(token.path()))) {
                return isExcluded ? at - 2 : at;
            }
        }
        return -1;
    }

    private void notSet(List<String> marks) {
        for (String name : marks) {
            Assignment assignment = statement.assignmentTo(name);
            if (assignment != null) {
                report(
                        assignment.value(),
                        "a deletion of a row that is there does not change %s, because this is the same for every message; write %s",
                        name,
                        right(name));
                return;
            }
        }
        findings.error(
                Finding.LOST_DELETES,
                statement.position(statement.setAt()),
                "%s is not set on update, so a deletion of a row that is there is not marked; add %s"
                        .formatted(marks.get(0), right(marks.get(0))));
    }

    private void checkAssignment(Assignment assignment) {
        for (int at = assignment.value().from(); at < assignment.value().to(); at++) {
            if (findings.hasErrorAt(statement.position(at))) {
                return;
            }
        }
        String name = statement.name(assignment.column());
        Object deleted = deletion.value(assignment.value(), true);
        Object other = deletion.value(assignment.value(), false);
        Range inserted = statement.valueOf(name);
        boolean isMark = inserted != null && deletion.isMark(inserted);
        boolean tellsDeletion = paths.tellDeletion(statement.pathsOf(name));
        if (tellsDeletion && staysSet(name, statement.text(assignment.value()))) {
            findings.warning(
                    Finding.LOST_DELETES,
                    statement.position(assignment.value().from()),
                    "once it is set this stays, so a record that comes back stays deleted; write " + right(name));
        }
        if (isMark && deleted.equals(Truth.FALSE)) {
            report(
                    assignment.value(),
                    other.equals(Truth.TRUE)
                            ? "a deletion leaves %s unset, and every other message sets it; write %s"
                            : "a deletion of a row that is there does not set %s; write %s",
                    name,
                    right(name));
        } else if (!other.equals(new Deletion.Stored(name)) || deleted.equals(other) || isMark) {
            return;
        } else if (tellsDeletion) {
            report(
                    assignment.value(),
                    "an update keeps the old %s, so what a deletion writes there stays when the record comes back; write %s",
                    name,
                    right(name));
        } else {
            report(
                    assignment.value(),
                    "an update keeps the old %s, and a deletion does not: the parts are the wrong way round; write %s",
                    name,
                    "case when " + paths.deleted() + " then "
                            + SqlNames.quoted(statement.qualifier()) + "." + SqlNames.quoted(name)
                            + " else excluded." + SqlNames.quoted(name) + " end");
        }
    }

    private boolean staysSet(String name, String value) {
        String column = SqlNames.quoted(name);
        String row = SqlNames.quoted(statement.qualifier()) + "." + column;
        return List.of(
                        row + " or excluded." + column,
                        "excluded." + column + " or " + row,
                        "coalesce(" + row + ", excluded." + column + ")")
                .contains(value.toLowerCase(Locale.ROOT).replaceAll("\\s*,\\s*", ", "));
    }

    private void keepsOut(List<String> marks) {
        ParsedExpression guard = ParsedExpression.of(statement, statement.where());
        int place = guard == null ? -1 : mention(statement.where(), marks);
        boolean isKeptOut = place >= 0
                && !deletion.truth(guard, true).mayBeTrue()
                && deletion.truth(guard, false).mayBeTrue();
        if (isKeptOut) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(place),
                    "this keeps deletions out of rows that are there; leave it out of the guard");
        }
    }
}
