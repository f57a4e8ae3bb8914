package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Runs the templates of a collection on an empty copy of their table, with records that nobody has: so what they do is found
 * whatever they look like. Says nothing where the copy would not do as the table does, or does not take the records.
 */
final class BehaviourCheck {
    static long NANOS, COUNT; // SCRATCH
    private static final int A = 1;
    private static final int B = 2;
    private static final String TRIED = "tried with made-up records, ";

    private final Connection connection;
    private final CheckedCollection collection;
    private final SqlStatement upsert;
    private final SqlStatement delete;
    private final TargetTable table;
    private final Findings findings;
    private final Paths paths;
    private final Set<String> versions;
    /** What tells which row a message means. */
    private final Set<List<String>> keys = new HashSet<>();

    private CopiedTable copy;
    private MadeUpRecords records;
    /** The row of a record A of version 10, by itself. */
    private Map<String, String> row;

    /** Of templates that the server takes; {@code table} is that of both. */
    BehaviourCheck(Connection connection, CheckedCollection collection, TargetTable table, Findings findings) {
        this.connection = connection;
        this.collection = collection;
        this.table = table;
        this.findings = findings;
        upsert = StatementReader.read(collection.upsert());
        delete = collection.delete() == null ? null : StatementReader.read(collection.delete());
        paths = new Paths(collection.format());
        versions = new HashSet<>(new Versions(upsert, table, paths).all());
    }

    /** Reports what one of them does; nothing is left of it. */
    void run(boolean isDelete) throws SQLException {
        long startNanos = System.nanoTime(); // SCRATCH
        boolean isAlone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        Savepoint before = connection.setSavepoint();
        try {
            if (begin()) {
                judge(isDelete);
            }
        } catch (SQLException e) {
            if (!Failures.isReportedByServer(e)) {
                throw e;
            }
        } finally {
            connection.rollback(before);
            NANOS += System.nanoTime() - startNanos; COUNT++; // SCRATCH
            if (isAlone) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        }
    }

    /** Whether the copy takes the records, and has one row of each. */
    private boolean begin() throws SQLException {
        Template writes = CopiedTemplate.of(upsert, table, CopiedTable.NAME);
        Template deletes = delete == null ? null : CopiedTemplate.of(delete, table, CopiedTable.NAME);
        if (writes == null || (delete != null && deletes == null)) {
            return false;
        }
        copy = CopiedTable.of(connection, table, writes, deletes);
        if (copy == null) {
            return false;
        }
        findKeys();
        for (boolean hasLists : new boolean[] {false, true}) {
            records = new MadeUpRecords(connection, collection, copy.types(), keys, hasLists);
            row = one(copy.rowsAfter(List.of(records.written(A, 10, 10))));
            if (row != null) {
                return true;
            }
        }
        return false;
    }

    private void findKeys() {
        keys.addAll(copy.keys());
        if (upsert.conflict() != null && upsert.conflict().columns() != null) {
            for (int column : upsert.conflict().columns()) {
                Range value = upsert.valueOf(upsert.name(column));
                keys.addAll(value == null ? List.of() : upsert.paths(value));
            }
        }
        if (delete != null && delete.where() != null) {
            keys.addAll(delete.paths(delete.where()));
        }
        keys.addAll(List.of(List.of("id"), List.of("upstream_id")));
    }

    private static Map<String, String> one(List<Map<String, String>> rows) {
        return rows == null || rows.size() != 1 ? null : rows.get(0);
    }

    private void judge(boolean isDelete) throws SQLException {
        List<Map<String, String>> both = copy.rowsAfter(List.of(records.written(A, 10, 10), records.written(B, 10, 40)));
        if (both == null || both.size() != 2 || !both.contains(row)) {
            return; // the templates do not tell them apart
        }
        Map<String, String> other = both.get(both.get(0).equals(row) ? 1 : 0);
        if (isDelete) {
            judgeDeletion(other);
            return;
        }
        List<Map<String, String>> rows = copy.rowsAfter(List.of(
                records.written(A, 10, 10), records.written(B, 10, 40), records.written(A, 20, 20)));
        if (rows == null || rows.size() > 2) {
            return;
        }
        if (!rows.contains(other)) {
            report(Finding.EVERY_ROW, upsert, "a message of one record also changes the row of another" + key());
            return;
        }
        if (!versions.isEmpty()) {
            judgeGuard();
        }
        if (delete == null) {
            judgeDeletionByUpsert();
        }
    }

    private String key() {
        return "; compare the key with a path, as in where id = " + (paths.isConsume() ? ":#id" : ":#record.id");
    }

    private void report(Finding finding, SqlStatement statement, String text) {
        findings.error(finding, place(statement), TRIED + text);
    }

    private static int place(SqlStatement statement) {
        return statement.position(
                statement.where() == null ? statement.at() : statement.where().from());
    }

    private void judgeGuard() throws SQLException {
        boolean hasLedger = collection.ledger() || delete != null;
        Message first = records.written(A, 10, 10);
        Set<String> changed = overwritten(
                List.of(first, records.written(A, 20, 20)), List.of(first, records.written(A, 15, 30)));
        // what does not differ need not be written, but the version must be
        Set<String> behindSame = overwritten(
                List.of(first, records.written(A, 20, 10)),
                List.of(records.written(A, 15, 5), records.written(A, 15, 30)));
        Set<String> all = new TreeSet<>(changed);
        all.addAll(behindSame);
        if (!all.isEmpty() && !hasLedger && !findings.isAllowed(Finding.NO_GUARD)) {
            String what = changed.isEmpty()
                    ? "a newer version that differs in nothing leaves its version out, so that an older one overwrites it"
                    : "an older version overwrites a newer one";
            report(
                    Finding.GUARD,
                    upsert,
                    what + " (" + String.join(", ", all.stream().map(SqlNames::quoted).toList()) + ")" + guard());
            return;
        }
        Map<String, String> fresh = one(copy.rowsAfter(List.of(records.written(A, 20, 20))));
        Map<String, String> after = one(copy.rowsAfter(List.of(first, records.written(A, 20, 20))));
        boolean isKeptOut = row.equals(after) && fresh != null && versions.stream().anyMatch(isDifferent(fresh));
        if (isKeptOut && upsert.where() != null) {
            judgeKeptOut(!changed.isEmpty());
        }
    }

    private Predicate<String> isDifferent(Map<String, String> fresh) {
        return column -> !Objects.equals(fresh.get(column), row.get(column));
    }

    /** Reports a condition that keeps a newer version out, if that can be told from what it names. */
    private void judgeKeptOut(boolean letsOlder) {
        Set<String> named = named(upsert);
        boolean isOfVersions = named.isEmpty() && paths.version().containsAll(upsert.paths(upsert.where()));
        named.removeIf(name -> row.get(name) != null);
        if (letsOlder || isOfVersions) {
            report(Finding.GUARD, upsert, "the condition keeps a newer version out" + guard());
        } else if (!named.isEmpty()) {
            findings.warning(
                    Finding.GUARD,
                    place(upsert),
                    TRIED + "the condition keeps a newer version out while " + String.join(" and ", named)
                            + " is null; compare it with is distinct from");
        }
    }

    private String guard() {
        String name = versions.stream().sorted().findFirst().map(SqlNames::quoted).orElse("");
        String stored = upsert.verb() == Verb.INSERT ? SqlNames.quoted(upsert.qualifier()) + "." + name : name;
        String advice = "; begin with where (%1$s is null or %1$s <= %2$s), and add what else there is with and, in brackets";
        return paths.isConsume()
                ? advice.formatted(stored, upsert.verb() == Verb.INSERT ? "excluded." + name : ":#updated_idx")
                : "; compare the versions of the row and of the message as a pair, and add what else there is with and, in brackets";
    }

    /**
     * The columns of a row that have what each of some older messages says, and not what they had; empty if there are none, or
     * that cannot be told.
     */
    private Set<String> overwritten(List<Message> newer, List<Message> older) throws SQLException {
        Map<String, String> before = one(copy.rowsAfter(newer));
        Set<String> columns = before == null ? Set.of() : new TreeSet<>(before.keySet());
        for (Message old : before == null ? List.<Message>of() : older) {
            List<Message> all = new ArrayList<>(newer);
            all.add(old);
            Map<String, String> after = one(copy.rowsAfter(all));
            Map<String, String> alone = one(copy.rowsAfter(List.of(old)));
            columns.removeIf(column -> after == null
                    || alone == null
                    || Objects.equals(after.get(column), before.get(column))
                    || !Objects.equals(after.get(column), alone.get(column)));
        }
        return columns;
    }

    private void judgeDeletion(Map<String, String> other) throws SQLException {
        List<Message> all = new ArrayList<>(
                List.of(records.written(A, 10, 10), records.written(B, 10, 40), records.deleted(A, 30)));
        List<Map<String, String>> rows = copy.rowsAfter(all);
        if (rows == null) {
            return;
        }
        if (!rows.contains(other)) {
            report(Finding.EVERY_ROW, delete, "the deletion of one record also " + (rows.size() < 2 ? "removes" : "changes") + " the row of another" + key());
            return;
        }
        Map<String, String> left = rows.stream().filter(found -> !found.equals(other)).findFirst().orElse(null);
        if (left == null || rows.size() > 2 || collection.hasSteps()) {
            return;
        }
        if (!isSame(left, row)) {
            judgeReturn(left);
        } else if (!isOnlyOfSome() && !isToldOtherwise(Finding.TOMBSTONE)) {
            report(
                    Finding.LOST_DELETES,
                    delete,
                    "a deletion leaves the row of its record as it was, since its condition is not true of what the upsert"
                            + " template writes; compare the key with that, and nothing else");
        }
    }

    /** Whether a deletion is for rows of certain values only, which made-up ones need not be. */
    private boolean isOnlyOfSome() {
        Range where = delete.where();
        boolean hasOtherPaths = where != null
                && delete.paths(where).stream()
                        .anyMatch(path -> !paths.isKey(path) && !paths.isDeleted(path) && !paths.version().contains(path));
        return hasOtherPaths || named(delete).stream().map(upsert::valueOf).anyMatch(this::isMadeUp);
    }

    private boolean isMadeUp(Range value) {
        return value != null && !keys.containsAll(upsert.paths(value));
    }

    /** The columns that a condition names, but for those of the version. */
    private Set<String> named(SqlStatement statement) {
        Set<String> named = new TreeSet<>();
        Range where = statement.where() == null ? new Range(0, 0) : statement.where();
        statement.tokens().subList(where.from(), where.to()).stream()
                .map(TemplateToken::name)
                .filter(name -> name != null && table.column(name) != null && !versions.contains(name))
                .forEach(named::add);
        return named;
    }

    private boolean isToldOtherwise(Finding... kinds) {
        return findings.isFound(kinds) || Stream.of(kinds).anyMatch(findings::isAllowed);
    }

    /** Reports a mark that a record keeps which is there again. */
    private void judgeReturn(Map<String, String> deleted) throws SQLException {
        Map<String, String> back = one(copy.rowsAfter(
                List.of(records.written(A, 10, 10), records.deleted(A, 30), records.written(A, 40, 30))));
        for (TargetTable.Column column : back == null ? List.<TargetTable.Column>of() : table.columns()) {
            String name = column.name();
            boolean isMark = column.baseType().equals("bool")
                    && upsert.isSetKnown()
                    && upsert.assignmentTo(name) == null
                    && !Objects.equals(row.get(name), deleted.get(name));
            if (isMark && Objects.equals(deleted.get(name), back.get(name))) {
                report(
                        Finding.LOST_DELETES,
                        delete,
                        "the row of a record that is there again stays marked as deleted; have the upsert template set "
                                + SqlNames.quoted(name) + " on update");
            }
        }
    }

    private void judgeDeletionByUpsert() throws SQLException {
        Map<String, String> left = one(copy.rowsAfter(List.of(records.written(A, 10, 10), records.deleted(A, 30))));
        if (left == null || collection.hasSteps()) {
            return;
        }
        if (isSame(left, row) && !isToldOtherwise(Finding.UNUSED_DELETES, Finding.LOST_DELETES, Finding.TOMBSTONE)) {
            findings.warning(
                    Finding.LOST_DELETES,
                    place(upsert),
                    TRIED + "a deletion leaves the row of its record as it was; write " + paths.deleted()
                            + " into a column, or add a delete template");
        }
    }

    /** Whether two rows differ in nothing but the version. */
    private boolean isSame(Map<String, String> one, Map<String, String> other) {
        return one.keySet().stream()
                .allMatch(column -> versions.contains(column) || Objects.equals(one.get(column), other.get(column)));
    }
}
