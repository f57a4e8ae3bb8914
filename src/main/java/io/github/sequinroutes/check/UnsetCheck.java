package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks that an update also sets what an insert writes; what marks deletions is for {@link MarkCheck}. */
record UnsetCheck(SqlStatement statement, TargetTable table, Versions versions, Paths paths, Findings findings) {
    /** Names that say that the first value is the right one, in snake case. */
    private static final Pattern FIRST = Pattern.compile(
            "(^|_)(created|inserted|added|imported|discovered|ingested|first|initial|original|initially|originally|since|internal)(_|$)"
                    + "|^(pk|uid|uuid|guid|row_id)$|^(creation|insertion)_");
    /** What stays the same for a record. */
    private static final Set<String> FIXED = Set.of("""
            id collection_id provider stream_id sync_id upstream_id inserted_at upstream_created_at""".split("\\s+", -1));

    private static final Set<String> FIXED_METADATA = Set.of("table_schema", "table_name", "database_name", "consumer");

    /** Reports the columns that keep what was inserted first, whatever comes later. */
    void run() {
        boolean isKnown = statement.isUpsert()
                && statement.isSetKnown()
                && statement.columns() != null
                && !statement.isCompound()
                && !table.hasTriggers();
        if (!isKnown) {
            return;
        }
        Set<String> key = new HashSet<>();
        ConflictKey.of(statement, table).forEach(one -> key.addAll(one.columns()));
        Set<List<String>> keyPaths = new HashSet<>();
        key.forEach(column -> keyPaths.addAll(statement.pathsOf(column)));
        List<Integer> unset = statement.columns().stream()
                .filter(token -> isUnset(statement.name(token), key, keyPaths))
                .toList();
        if (!unset.isEmpty()) {
            String first = SqlNames.quoted(statement.name(unset.get(0)));
            String function = function(statement.name(unset.get(0)));
            findings.warning(
                    Finding.NOT_UPDATED,
                    statement.position(unset.get(0)),
                    "%s not set on update, so the row keeps what was inserted first; add %s"
                            .formatted(
                                    SqlNames.list(unset.stream()
                                                    .map(statement::name)
                                                    .toList())
                                            + (unset.size() == 1 ? " is" : " are"),
                                    first + " = excluded." + first + function));
        }
    }

    /** Says so if the value is no column, though it looks like the one that it is for: {@code "user" = user}. */
    private String function(String column) {
        SqlStatement.Assignment assignment = statement.assignmentTo(column);
        boolean isFunction = assignment != null
                && !SqlNames.quoted(column).equals(column)
                && statement.text(assignment.value()).equalsIgnoreCase(column);
        return isFunction ? ", since " + column + " without quotes is a function of PostgreSQL" : "";
    }

    private boolean isUnset(String column, Set<String> key, Set<List<String>> keyPaths) {
        SqlStatement.Assignment assignment = statement.assignmentTo(column);
        // what a select chooses need not be set, but what is set to itself never changes
        boolean isSet = assignment == null ? !statement.isPlain() : !isItself(column, assignment.value());
        TargetTable.Column known = table.column(column);
        if (isSet || key.contains(column) || versions.partOf(column) >= 0 || known == null || known.isIdentity()) {
            return false;
        }
        return !FIRST.matcher(Paths.snake(column)).find()
                && statement.pathsOf(column).stream()
                        .anyMatch(path -> !isFixed(path) && !paths.isDeleted(path) && !keyPaths.contains(path));
    }

    /** Whether a value is the column of the row that is there, and nothing else. */
    private boolean isItself(String column, Range value) {
        List<TemplateToken> tokens = new ArrayList<>(statement.tokens().subList(value.from(), value.to()));
        tokens.removeIf(token -> token.is("(") || token.is(")"));
        int last = 0;
        while (last + 2 < tokens.size() && tokens.get(last + 1).is(".")) {
            last += 2;
        }
        boolean isName = last + 1 == tokens.size()
                || (last + 1 < tokens.size() && tokens.get(last + 1).is("::"));
        return isName
                && column.equals(tokens.get(last).name())
                && !"excluded".equals(tokens.get(0).name());
    }

    private static boolean isFixed(List<String> path) {
        boolean isOfSync =
                path.size() == 2 && path.get(0).equals("sync") && path.get(1).equals("id");
        return path.get(0).equals("metadata")
                ? path.size() > 1 && FIXED_METADATA.contains(path.get(1))
                : isOfSync || FIXED.contains(path.get(0));
    }
}
