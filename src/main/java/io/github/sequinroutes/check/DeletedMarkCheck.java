package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.TemplateToken;
import java.util.List;
import java.util.Locale;

/** Checks that a delete template which keeps the row of its record marks it. */
record DeletedMarkCheck(
        SqlStatement statement, TargetTable table, SqlStatement upsert, Paths paths, Findings findings) {
    /** Reports a template that writes a record as if it were alive, or does nothing to a row that is there. */
    void run(boolean isOfTable) {
        boolean isInsert = statement.verb() == Verb.INSERT;
        if (isInsert && isOfTable && statement.conflict() != null && !statement.isUpsert() && !statement.isCompound()) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(statement.conflict().action()),
                    "on conflict do nothing: a row that is there is never marked; write do update set deleted = true");
            return;
        }
        boolean isSet =
                (statement.verb() == Verb.UPDATE || (isInsert && statement.isUpsert())) && statement.isSetKnown();
        Assignment ofData = isSet ? markOfData() : null;
        if (ofData != null) {
            String name = statement.name(ofData.column());
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(ofData.value().from()),
                    "a deletion can come without data, and then %s stays null; write %s"
                            .formatted(SqlNames.quoted(name), table.isFlag(name) ? "true" : "now()"));
        } else if (isSet && statement.assignments().stream().noneMatch(this::marks)) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(statement.setAt()),
                    "this delete template writes the record as if it were alive; delete the row, or set a column such as"
                            + " deleted = true");
        }
    }

    /** What sets a mark to a value of the data, if nothing else is a mark; or null. */
    private Assignment markOfData() {
        List<Assignment> marking =
                statement.assignments().stream().filter(this::marks).toList();
        List<Assignment> named = marking.stream()
                .filter(assignment -> Deletion.isDead(statement.name(assignment.column())))
                .toList();
        boolean isData = paths.isConsume()
                && named.size() == 1
                && statement.isPath(named.get(0).value())
                && paths.isData(statement.paths(named.get(0).value()).get(0));
        return isData ? named.get(0) : null;
    }

    /** Whether a row can tell by this assignment that it is deleted. */
    private boolean marks(Assignment assignment) {
        String name = statement.name(assignment.column());
        Range value = assignment.value();
        String excluded = statement.excluded(value);
        Range inserted = excluded == null ? null : statement.valueOf(excluded);
        value = inserted == null ? value : inserted;
        List<List<String>> named = statement.paths(value);
        if (paths.tellDeletion(named)) {
            return true;
        }
        boolean isNothing = Deletion.isDead(name) && (isUnset(name, value) || keepsWhatIsUnset(name, value));
        boolean isKept =
                value.to() <= value.from() + 3 && named.isEmpty() && name.equals(statement.name(value.to() - 1));
        boolean isOfRecord = !named.isEmpty() && named.stream().allMatch(path -> paths.isData(path) || !isTime(path));
        return !isNothing && !isKept && !(isOfRecord && !Deletion.isDead(name));
    }

    private boolean isUnset(String name, Range value) {
        TemplateToken token = statement.tokens().get(value.from());
        boolean isFalse = table.isFlag(name) && token.text().matches("(?i)'\\s*(f|false|n|no|off|0)\\s*'");
        return value.to() == value.from() + 1 && (token.is("false") || token.is("null") || isFalse);
    }

    /** Whether it is {@code coalesce(deleted, …)}, which keeps the false of a row that is alive. */
    private boolean keepsWhatIsUnset(String name, Range value) {
        boolean isNeverNull =
                table.isFlag(name) && (table.column(name).isNotNull() || paths.tellDeletion(upsert.pathsOf(name)));
        String text = statement.text(value).replaceAll("\\s", "").toLowerCase(Locale.ROOT);
        String own = SqlNames.quoted(name).toLowerCase(Locale.ROOT);
        String inRow = text.replace(statement.qualifier().toLowerCase(Locale.ROOT) + "." + own, own);
        return isNeverNull && (inRow.startsWith("coalesce(" + own + ",") || inRow.equals(own + "andtrue"));
    }

    private boolean isTime(List<String> path) {
        return paths.isConsume()
                && path.get(0).endsWith("_at")
                && !paths.version().contains(path);
    }
}
