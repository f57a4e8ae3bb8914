package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The templates of a collection on an empty copy of their table, and messages of records that nobody has. */
final class Trial {
    private final CheckedCollection collection;
    private final TargetTable table;
    private final SqlStatement upsert;
    private final SqlStatement delete;
    private final Paths paths;
    private final Set<String> versions;
    private final String rightGuard;
    private final Set<List<String>> keys;
    private final CopiedTable copy;
    private final Map<List<Message>, CopiedTable.Outcome> known = new HashMap<>();
    private MadeUpRecords records;
    private final List<CopiedTable.Outcome> refusals = new ArrayList<>();
    private Message first;
    private Map<String, String> row;
    private boolean leavesNone;

    private Trial(
            CheckedCollection collection,
            TargetTable table,
            SqlStatement upsert,
            SqlStatement delete,
            CopiedTable copy) {
        this.collection = collection;
        this.table = table;
        this.upsert = upsert;
        this.delete = delete;
        this.copy = copy;
        paths = new Paths(collection.format());
        Versions known = new Versions(upsert, table, paths);
        versions = new TreeSet<>(known.all());
        rightGuard = known.areWritten() ? new RightGuard(upsert, known, paths).text() : null;
        keys = TriedKeys.of(upsert, delete, copy);
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
        return copy == null ? null : new Trial(collection, table, upsert, delete, copy).begun(types);
    }

    private Trial begun(PathTypes known) throws SQLException {
        Map<List<String>, PathTypes.Type> types = known.of(copy.types());
        for (int kind = 0; kind < 4; kind++) {
            records = new MadeUpRecords(collection, types, keys, kind % 2 == 1, kind < 2);
            first = records.written(1, 10, 10);
            row = row(first);
            if (row != null) {
                if (copy.leaveOutNoise(first)) {
                    this.known.clear();
                    row = row(first);
                }
                findVersions();
                return this;
            }
            if (rows(first) == null) {
                refusals.add(outcome(first));
            } else if (rows(first).isEmpty()) {
                leavesNone = true;
            }
        }
        return this;
    }

    /** Whether some first message is taken and leaves no row. */
    boolean leavesNone() {
        return leavesNone;
    }

    /** What becomes of first messages, of IDs of each form, if all are refused; else none. */
    List<CopiedTable.Outcome> refusals() throws SQLException {
        List<CopiedTable.Outcome> all = new ArrayList<>(refusals);
        for (Message other : records.ofOtherForms()) {
            all.add(outcome(other));
        }
        return row == null && all.stream().allMatch(each -> each.failure() != null) ? all : List.of();
    }

    /** What the templates write. */
    CopiedTable copy() {
        return copy;
    }

    /** Where a statement does not tell which columns hold the version, its number is in those that grow with it. */
    private void findVersions() throws SQLException {
        Map<String, String> other = versions.isEmpty() ? row(records.written(1, 20, 10)) : null;
        table.columns().stream()
                .filter(column ->
                        other != null && List.of("int8", "numeric").contains(String.valueOf(column.baseType())))
                .map(TargetTable.Column::name)
                .filter(column -> "10".equals(row.get(column)) && "20".equals(other.get(column)))
                .forEach(versions::add);
    }

    CheckedCollection collection() {
        return collection;
    }

    TargetTable table() {
        return table;
    }

    SqlStatement upsert() {
        return upsert;
    }

    /** The statement of the delete template, or null. */
    SqlStatement delete() {
        return delete;
    }

    Paths paths() {
        return paths;
    }

    /** Whether the upsert template reads the table as well, or writes it twice. */
    boolean readsItself() {
        return CopiedTemplate.namesTwice(upsert);
    }

    /** The columns of the version. */
    Set<String> versions() {
        return versions;
    }

    /** The condition that the upsert template should have; null if it does not write the version. */
    String rightGuard() {
        return rightGuard;
    }

    /** The paths whose values stay the same for a record. */
    Set<List<String>> keys() {
        return keys;
    }

    /** What it makes messages with. */
    MadeUpRecords records() {
        return records;
    }

    /** A message of record 1, of version 10 and content 10. */
    Message first() {
        return first;
    }

    /** The row of the first message by itself; null if it leaves none. */
    Map<String, String> firstRow() {
        return row;
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
