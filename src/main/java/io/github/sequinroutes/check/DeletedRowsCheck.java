package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.check.TargetTable.Index;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;

/**
 * Checks that a delete template means the rows that the upsert template writes.
 *
 * @param written  the table of the upsert template, or null
 * @param ofUpsert what is found in the upsert template
 */
record DeletedRowsCheck(
        SqlStatement statement,
        TargetTable table,
        SqlStatement upsert,
        TargetTable written,
        Paths paths,
        Findings findings,
        Findings ofUpsert) {
    /** Where a change of the Stream API has the key of its row. */
    private static final String PRIMARY_KEY = "record_pks";

    /** Whether both write the same table. */
    boolean isOfTable() {
        return written != null && written.id() == table.id();
    }

    /** Reports a row that marks another, and has not the key of that. */
    void insertsKey() {
        for (String name : isOfTable() && statement.verb() == Verb.INSERT ? key() : Set.<String>of()) {
            Range value = statement.valueOf(name);
            Set<List<String>> known = new HashSet<>(value == null ? List.of() : statement.paths(value));
            known.removeIf(path -> !paths.isKey(path));
            if (!known.isEmpty() && !written(name).isEmpty() && areOther(known, written(name))) {
                wrongPath(statement.position(value.from()), name, known);
            } else if (value != null) {
                isSameKey(name, value);
            }
        }
    }

    /** Reports a key that is made of the path that the upsert takes, and in another way. */
    private boolean isSameKey(String column, Range key) {
        Range value = upsert.valueOf(column);
        TargetTable.Column known = table.column(column);
        boolean isLoose = known == null || known.isLoose() || "citext".equals(known.baseType());
        boolean isSame =
                isLoose || value == null || !upsert.isPlain() || !KeyExpressions.differ(upsert, value, statement, key);
        if (!isSame) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(key.from()),
                    "the upsert template writes %2$s into %1$s, and this looks for %3$s there; write %2$s"
                            .formatted(SqlNames.quoted(column), upsert.text(value), statement.text(key)));
        }
        return isSame;
    }

    private void wrongPath(int place, String column, Set<List<String>> known) {
        findings.error(
                Finding.LOST_DELETES,
                place,
                "the upsert template writes %2$s into %1$s, and this looks for %3$s there; write %2$s%4$s"
                        .formatted(
                                SqlNames.quoted(column),
                                text(written(column)),
                                text(known),
                                isOfRecord(column, known) ? ", or " + text(known) + " in the upsert template" : ""));
    }

    /** Whether the ID of the record is looked for in the key of the upsert template. */
    private boolean isOfRecord(String column, Set<List<String>> known) {
        return key().contains(column) && paths.isConsume() && known.equals(Set.of(List.of("id")));
    }

    /** Reports a template that deletes from another table than that which the upsert writes. */
    void writesTable(TableReader tables, Map<Long, String> writers) throws SQLException {
        if (written == null || isOfTable()) {
            return;
        }
        if (copiesRow()) {
            findings.error(
                    Finding.LOST_DELETES,
                    statement.position(statement.at()),
                    "this copies the row of the record, which stays in %1$s; write with gone as (delete from %1$s where … returning *)"
                                    .formatted(written.name())
                            + " insert into %s select … from gone".formatted(table.name()));
        }
        boolean isOfRows = statement.verb() == Verb.DELETE || statement.verb() == Verb.UPDATE;
        if (!isOfRows
                || !written.isTable()
                || !table.isTable()
                || written.hasTriggers()
                || written.foreignKeys().stream().anyMatch(key -> key.target() == table.id())
                || writes(statement, written.id(), tables)
                || writes(upsert, table.id(), tables)
                || tables.areRelated(written.id(), table.id())) {
            return;
        }
        String writer = writers.get(table.id());
        findings.error(
                Finding.LOST_DELETES,
                statement.position(statement.target().from()),
                "the upsert template writes %s, and this is %s%s: deletions do not reach its rows; write %s"
                        .formatted(
                                written.name(),
                                table.name(),
                                writer == null ? "" : ", which " + writer + " writes",
                                written.name()));
    }

    /** Whether it only inserts what it reads from the table of the upsert template. */
    private boolean copiesRow() {
        return statement.verb() == Verb.INSERT
                && !statement.isCompound()
                && CopiedTemplate.names(statement, upsert.targetName());
    }

    private static boolean writes(SqlStatement statement, long table, TableReader tables) throws SQLException {
        for (WithPart part : WithPart.of(statement)) {
            TargetTable target = tables.read(part.statement());
            if (target != null && target.id() == table) {
                return true;
            }
        }
        return false;
    }

    /** Reports a key that is compared with another path than the upsert writes into it, or one that several records share; returns whether all is well. */
    boolean hasKey(RecordRows rows) {
        if (!isOfTable() || rows.condition() == null || rows.keys().isEmpty()) {
            return true;
        }
        rows.keys().stream().filter(column -> isOther(rows, column)).forEach(column -> writesId(rows, column));
        for (String column : statement.verb() == Verb.INSERT ? Set.<String>of() : key()) {
            Expression value = EqualColumns.of(rows.condition().root()).get(column);
            Range compared = value == null ? null : rows.condition().range(value);
            if (compared != null && !isSameKey(column, compared)) {
                return false;
            }
        }
        Set<String> matching = new TreeSet<>(rows.keys());
        matching.removeIf(column -> isOther(rows, column));
        Set<List<String>> compared = new HashSet<>();
        matching.forEach(column -> compared.addAll(keyPaths(rows, column)));
        boolean isUnwritten = matching.stream()
                .anyMatch(column ->
                        written(column).isEmpty() || keyPaths(rows, column).isEmpty());
        if (isUnwritten || isUnique(matching) || identifies(compared)) {
            return true;
        }
        Column first = rows.firstKey();
        int place = rows.condition().position(first);
        String name = ParsedExpression.name(first);
        if (matching.isEmpty()) {
            wrongPath(place, name, keyPaths(rows, name));
        } else {
            findings.error(
                    Finding.EVERY_ROW,
                    place,
                    "rows of other records can have the same %s, and are meant as well; compare all of the key%s"
                            .formatted(
                                    String.join(" and ", matching),
                                    key().isEmpty() ? "" : ": " + String.join(", ", key())));
        }
        return false;
    }

    /** Reports an upsert template that writes something else than the ID where this looks for it: it can be the wrong one. */
    private void writesId(RecordRows rows, String column) {
        Range value = upsert.valueOf(column);
        boolean isOfData =
                upsert.isPath(value) && paths.isData(upsert.paths(value).get(0));
        if (isOfData && isOfRecord(column, keyPaths(rows, column))) {
            ofUpsert.warning(
                    Finding.ONE_ROW,
                    upsert.position(value.from()),
                    "%s is not the ID of the record, which the delete template looks for in %s: records that have the same share"
                                    .formatted(upsert.text(value), SqlNames.quoted(column))
                            + " one row; write :#id");
        }
    }

    private boolean isOther(RecordRows rows, String column) {
        Set<List<String>> known = keyPaths(rows, column);
        Set<List<String>> of = written(column);
        return !known.isEmpty() && !of.isEmpty() && areOther(known, of);
    }

    /** Whether no path of one side leads to what one of the other does, or into it. */
    private static boolean areOther(Set<List<String>> known, Set<List<String>> of) {
        return known.stream()
                .noneMatch(path -> path.contains(PRIMARY_KEY)
                        || of.stream().anyMatch(other -> begins(path, other) || begins(other, path)));
    }

    private static boolean begins(List<String> path, List<String> with) {
        return path.size() >= with.size() && path.subList(0, with.size()).equals(with);
    }

    private Set<List<String>> keyPaths(RecordRows rows, String column) {
        Set<List<String>> found = rows.paths(column);
        found.removeIf(path -> !paths.isKey(path));
        return found;
    }

    /** The paths that the upsert writes into a column, but for those that are the same in all records. */
    private Set<List<String>> written(String column) {
        Set<List<String>> found = new HashSet<>(upsert.pathsOf(column));
        found.removeIf(path -> !paths.isKey(path));
        return found;
    }

    /** The columns that the upsert template takes for the key. */
    private Set<String> key() {
        Set<String> key = new TreeSet<>(upsert.keyColumns());
        if (upsert.conflict() != null && upsert.conflict().constraint() >= 0) {
            String constraint = upsert.name(upsert.conflict().constraint());
            table.indexes().stream()
                    .filter(index -> index.name().equals(constraint))
                    .flatMap(index -> index.columns().stream().filter(Objects::nonNull))
                    .forEach(key::add);
        }
        return key;
    }

    private boolean isUnique(Set<String> columns) {
        return table.indexes().stream().filter(Index::isUnique).anyMatch(index -> index.columns().stream()
                .allMatch(name -> name == null
                        ? columns.stream().anyMatch(index.definition()::contains)
                        : columns.contains(name)));
    }

    /** Whether there are paths that only one record has the values of. */
    private boolean identifies(Set<List<String>> compared) {
        Set<List<String>> key = new HashSet<>();
        key().forEach(column -> key.addAll(written(column)));
        boolean hasAll = key.stream().noneMatch(path -> areOther(compared, Set.of(path)));
        return (!compared.isEmpty() && hasAll)
                || (paths.isConsume()
                        && (compared.contains(List.of("id")) || compared.contains(List.of("upstream_id"))));
    }

    private static String text(Set<List<String>> found) {
        return String.join(" and ", found.stream().map(Paths::text).sorted().toList());
    }
}
