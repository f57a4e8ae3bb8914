package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.Template;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs a template that writes several tables on copies of all of them: an older version must not change what a newer one has
 * written into any, also where the guard is of another.
 */
final class CompoundTrial {
    private final Connection connection;
    private final CheckedCollection collection;
    private final SqlStatement statement;
    private final Findings findings;
    /** What writes each table first. */
    private final Map<TargetTable, SqlStatement> writers = new LinkedHashMap<>();

    private CopiedTable copy;

    CompoundTrial(Connection connection, CheckedCollection collection, SqlStatement statement, Findings findings) {
        this.connection = connection;
        this.collection = collection;
        this.statement = statement;
        this.findings = findings;
    }

    /** Warns of tables without a guard, in a transaction that must be rolled back. */
    void run(TableReader tables, PathTypes types) throws SQLException {
        if (!canBeTried(tables)) {
            return;
        }
        Map<List<String>, PathTypes.Type> known = types.of(copy.types());
        Set<List<String>> keys = Trial.keys(statement, null, copy);
        Set<TargetTable> found = new HashSet<>();
        for (boolean hasLists : List.of(true, false)) {
            MadeUpRecords records = new MadeUpRecords(collection, known, keys, hasLists, true);
            for (TargetTable table : writers.keySet()) {
                if (!found.contains(table) && isOverwritten(table, records)) {
                    found.add(table);
                }
            }
        }
        found.forEach(this::report);
    }

    private boolean canBeTried(TableReader tables) throws SQLException {
        List<SqlStatement> parts = new ArrayList<>();
        for (WithPart part : WithPart.of(statement)) {
            Verb verb = part.statement().verb();
            if (verb == Verb.INSERT || verb == Verb.UPDATE || verb == Verb.DELETE) {
                parts.add(part.statement());
            }
        }
        Set<String> names = new HashSet<>();
        parts.add(statement);
        for (SqlStatement part : parts) {
            TargetTable table = tables.read(part);
            if (table == null) {
                return false;
            }
            if (writers.putIfAbsent(table, part) == null) {
                names.add(CopiedTemplate.name(part));
            }
        }
        TargetTable own = tables.read(statement);
        Template template = CopiedTemplate.of(statement, own, parts);
        if (writers.size() < 2 || names.size() < writers.size() || template == null) {
            return false;
        }
        for (TargetTable table : writers.keySet()) {
            boolean isOther = table.id() != own.id();
            if (isOther && !CopiedTable.create(connection, table, name(table), template, null)) {
                return false;
            }
        }
        copy = CopiedTable.of(connection, own, name(own), template, null);
        return copy != null;
    }

    private String name(TargetTable table) {
        return CopiedTemplate.name(writers.get(table));
    }

    /**
     * Whether an older version removes rows, or what it says gets into a table in their place. What an insert adds to a log is
     * left alone, and what does not depend on the message, such as a count.
     */
    private boolean isOverwritten(TargetTable table, MadeUpRecords records) throws SQLException {
        Message newer = records.written(1, 20, 20);
        List<Map<String, String>> before = rows(table, newer);
        List<Map<String, String>> after = rows(table, newer, records.written(1, 15, 30));
        List<Map<String, String>> other = rows(table, newer, records.written(1, 15, 40));
        boolean isSteady = before != null && before.equals(rows(table, newer));
        if (!isSteady || after == null || other == null) {
            return false;
        }
        boolean isChanged =
                !after.containsAll(before) || (writers.get(table).isUpsert() && after.size() > before.size());
        return after.size() < before.size() || (isChanged && !after.equals(other));
    }

    /** The rows of a table after these messages, or null if one is refused. */
    private List<Map<String, String>> rows(TargetTable table, Message... messages) throws SQLException {
        return copy.after(List.of(messages)).rows() == null
                ? null
                : copy.rows(name(table), CopiedTable.steadyColumns(table));
    }

    private void report(TargetTable table) {
        SqlStatement writer = writers.get(table);
        findings.warning(
                Finding.NO_GUARD,
                writer.position(writer.at()),
                "an older version changes what a newer one has written into " + table.name()
                        + "; take what is written there from the rows that a part with a guard returns, or add guard: ledger to the"
                        + " route");
    }
}
