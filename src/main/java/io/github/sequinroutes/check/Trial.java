package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The templates of a collection on an empty copy of their table, and messages of records that nobody has. */
final class Trial {
    final CheckedCollection collection;
    final TargetTable table;
    final SqlStatement upsert;
    /** The statement of the delete template, or null. */
    final SqlStatement delete;

    final Paths paths;
    /** The columns of the version. */
    final Set<String> versions;
    /** The condition that the upsert template should have; null if it does not write the version. */
    final String rightGuard;
    /** The paths whose values stay the same for a record. */
    final Set<List<String>> keys;
    /** What the templates write. */
    final CopiedTable copy;
    /** What it makes messages with. */
    final MadeUpRecords records;
    /** A message of record 1, of version 10 and content 10. */
    final Message first;
    /** The row of the first message by itself; null if it leaves none. */
    final Map<String, String> firstRow;

    private final Map<List<Message>, CopiedTable.Outcome> known = new HashMap<>();
    /** What becomes of first messages of each kind of records that was made up. */
    private final List<CopiedTable.Outcome> starts;

    private Trial(
            CheckedCollection collection,
            TargetTable table,
            SqlStatement upsert,
            SqlStatement delete,
            Set<List<String>> keys,
            CopiedTable copy,
            MadeUpRecords records,
            List<CopiedTable.Outcome> starts)
            throws SQLException {
        this.collection = collection;
        this.table = table;
        this.upsert = upsert;
        this.delete = delete;
        this.keys = keys;
        this.copy = copy;
        this.records = records;
        this.starts = starts;
        paths = new Paths(collection.format());
        Versions known = new Versions(upsert, table, paths);
        versions = new TreeSet<>(known.all());
        rightGuard = known.areWritten() ? new RightGuard(upsert, known, paths).text() : null;
        first = records.written(1, 10, 10);
        starts.add(outcome(first));
        if (row(first) != null && copy.leaveOutNoise(first)) {
            this.known.clear();
        }
        firstRow = row(first);
        if (firstRow != null && versions.isEmpty()) {
            findVersions(row(records.written(1, 20, 10)));
        }
    }

    /**
     * A trial, in a transaction that must be rolled back.
     *
     * @param table  that of both templates
     * @param delete the statement of the delete template, or null if none writes this table
     * @param types  what is known of types, for all trials of a connection
     * @return null if the copy would not do as the table does
     * @throws SQLException if the server refuses it
     */
    static Trial of(
            Connection connection,
            CheckedCollection collection,
            TargetTable table,
            SqlStatement upsert,
            SqlStatement delete,
            PathTypes types)
            throws SQLException {
        Template writes = CopiedTemplate.of(upsert, table);
        Template deletes = delete == null ? null : CopiedTemplate.of(delete, table);
        if (writes == null || (delete != null && deletes == null)) {
            return null;
        }
        CopiedTable copy = CopiedTable.of(connection, table, CopiedTemplate.name(upsert), writes, deletes);
        Map<List<String>, PathTypes.Type> known = copy == null ? Map.of() : types.of(copy.types());
        Set<List<String>> keys = copy == null ? Set.of() : keys(upsert, delete, copy);
        List<CopiedTable.Outcome> starts = new ArrayList<>();
        Trial trial = null;
        for (int kind = 0; copy != null && kind < 4 && (trial == null || trial.firstRow == null); kind++) {
            MadeUpRecords records = new MadeUpRecords(collection, known, keys, kind % 2 == 1, kind < 2);
            trial = new Trial(collection, table, upsert, delete, keys, copy, records, starts);
        }
        return trial;
    }

    /** The paths whose values stay the same for a record of these templates, of which that for deletions may be null. */
    static Set<List<String>> keys(SqlStatement upsert, SqlStatement delete, CopiedTable copy) {
        Set<List<String>> keys = new HashSet<>(copy.keys());
        upsert.keyColumns().forEach(column -> keys.addAll(upsert.pathsOf(column)));
        if (delete != null && delete.where() != null) {
            keys.addAll(delete.paths(delete.where()));
        }
        keys.addAll(List.of(List.of("id"), List.of("upstream_id")));
        return keys;
    }

    /** Whether some first message is taken and leaves no row. */
    boolean leavesNone() {
        return starts.stream()
                .anyMatch(start -> start.rows() != null && start.rows().isEmpty());
    }

    /** What becomes of first messages, of IDs of each form, if all are refused; else none. */
    List<CopiedTable.Outcome> refusals() throws SQLException {
        List<CopiedTable.Outcome> all = new ArrayList<>(
                starts.stream().filter(start -> start.rows() == null).toList());
        for (Message other : records.ofOtherForms()) {
            all.add(outcome(other));
        }
        return firstRow == null && all.stream().allMatch(each -> each.failure() != null) ? all : List.of();
    }

    /** Where a statement does not tell which columns hold the version, its number is in those that grow with it. */
    private void findVersions(Map<String, String> newer) {
        table.columns().stream()
                .filter(column ->
                        newer != null && List.of("int8", "numeric").contains(String.valueOf(column.baseType())))
                .map(TargetTable.Column::name)
                .filter(column -> "10".equals(firstRow.get(column)) && "20".equals(newer.get(column)))
                .forEach(versions::add);
    }

    /** Whether the upsert template reads the table as well, or writes it twice. */
    boolean readsItself() {
        return CopiedTemplate.names(upsert, upsert.targetName());
    }

    /** The rows that these messages leave in the empty table, or null if one is refused. */
    List<Map<String, String>> rows(Message... messages) throws SQLException {
        return outcome(messages).rows();
    }

    /** What these messages leave in the empty table. */
    CopiedTable.Outcome outcome(Message... messages) throws SQLException {
        List<Message> all = List.of(messages);
        if (!known.containsKey(all)) {
            known.put(all, copy.after(all));
        }
        return known.get(all);
    }

    /** The only row that these messages leave, or null. */
    Map<String, String> row(Message... messages) throws SQLException {
        List<Map<String, String>> rows = rows(messages);
        return rows == null || rows.size() != 1 ? null : rows.get(0);
    }

    /** Whether two rows differ in nothing but the version; a column that holds more than that is compared. */
    boolean isSame(Map<String, String> one, Map<String, String> other) {
        return one.keySet().stream()
                .allMatch(column -> (versions.contains(column) && !holdsDeleted(column))
                        || Objects.equals(one.get(column), other.get(column)));
    }

    private boolean holdsDeleted(String column) {
        return paths.tellDeletion(upsert.pathsOf(column));
    }

    /** The columns that the condition of a statement names, but for those of the version and of the key. */
    Set<String> named(SqlStatement statement) {
        Set<String> named = new TreeSet<>();
        Range where = statement.where() == null ? new Range(0, 0) : statement.where();
        statement.tokens().subList(where.from(), where.to()).stream()
                .map(TemplateToken::name)
                .filter(name -> name != null && table.column(name) != null && !versions.contains(name))
                .forEach(named::add);
        statement.keyColumns().forEach(named::remove);
        return named;
    }

    /** Where a statement has its condition; if it has none, where it does something. */
    static int place(SqlStatement statement) {
        return statement.position(
                statement.where() == null ? statement.at() : statement.where().from());
    }

    /** Where a statement sets a column; if it does not say so, where it sets any. */
    static int place(SqlStatement statement, String column) {
        SqlStatement.Assignment assignment = statement.assignmentTo(column);
        int token =
                assignment != null ? assignment.column() : statement.setAt() >= 0 ? statement.setAt() : statement.at();
        return statement.position(token);
    }
}
