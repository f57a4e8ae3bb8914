package io.github.sequinroutes.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Finds tables into which two collections write the same rows. */
final class SharedTables {
    private final List<Writer> writers = new ArrayList<>();

    private record Writer(CheckedCollection collection, SqlStatement statement, TargetTable table) {
        /** The columns of its key, or null if they are not known. */
        ConflictKey key() {
            List<ConflictKey> keys =
                    statement.isCompound() || !table.isTable() ? List.of() : ConflictKey.of(statement, table);
            return keys.size() == 1 ? keys.get(0) : null;
        }

        Set<String> written() {
            Set<String> columns = new HashSet<>();
            if (statement.columns() == null) {
                columns.addAll(table.columnNames());
            } else {
                statement.columns().forEach(token -> columns.add(statement.name(token)));
            }
            return columns;
        }
    }

    /** Notes that a collection writes a table. */
    void add(CheckedCollection collection, SqlStatement statement, TargetTable table) {
        writers.add(new Writer(collection, statement, table));
    }

    /** Whether another collection inserts rows of a table. */
    boolean othersInsert(CheckedCollection collection, TargetTable table) {
        return writers.stream()
                .anyMatch(one -> one.table.id() == table.id()
                        && !one.collection.equals(collection)
                        && one.statement.verb() == SqlStatement.Verb.INSERT);
    }

    /** Reports that others write the rows of a collection. */
    void report(CheckedCollection collection, SqlStatement statement, Findings findings) {
        Set<String> others = new TreeSet<>();
        Set<String> ofFile = new TreeSet<>();
        Writer own = writers.stream()
                .filter(one -> one.collection.equals(collection))
                .findFirst()
                .orElse(null);
        List<Writer> rest = new ArrayList<>(writers);
        rest.remove(own); // once: another can be the same but for its collection
        for (Writer other : own == null ? List.<Writer>of() : rest) {
            if (other.table.id() == own.table.id()
                    && isOther(own.collection, other.collection)
                    && meansSame(own, other)) {
                if (isSameFile(own.collection, other.collection)) {
                    ofFile.addAll(own.collection.writers());
                    ofFile.addAll(other.collection.writers());
                } else {
                    others.add(other.collection.upsert().file());
                }
            }
        }
        if (!others.isEmpty() || !ofFile.isEmpty()) {
            findings.warning(
                    Finding.SHARED_TABLE,
                    statement.position(statement.target().from()),
                    (what(others, ofFile)
                                    + " the rows of %s by the same key, so one collection overwrites those of another; write %s into a"
                                    + " column of the key, or give each collection a table of its own")
                            .formatted(
                                    own.table.name(),
                                    new Paths(collection.format()).isConsume()
                                            ? ":#collection_id"
                                            : "a constant for each collection"));
        }
    }

    private static String what(Set<String> files, Set<String> ofFile) {
        return files.isEmpty()
                ? "with this file " + String.join(" and ", ofFile) + " write"
                : String.join(", ", files) + (files.size() == 1 ? " also writes" : " also write");
    }

    /** The same collection may write a table in several ways, each for some of its records. */
    private static boolean isOther(CheckedCollection one, CheckedCollection other) {
        if (isSameFile(one, other)) {
            return one.writers().size() > 1 || !one.writers().equals(other.writers());
        }
        Set<String> both = new HashSet<>(one.writers());
        both.retainAll(other.writers());
        return both.isEmpty() && !one.writers().isEmpty() && !other.writers().isEmpty();
    }

    private static boolean isSameFile(CheckedCollection one, CheckedCollection other) {
        return one.upsert().file().equals(other.upsert().file());
    }

    private static boolean meansSame(Writer one, Writer other) {
        ConflictKey key = one.key();
        ConflictKey others = other.key();
        if (key == null || others == null || !Set.copyOf(key.columns()).equals(Set.copyOf(others.columns()))) {
            return false;
        }
        Set<String> both = one.written();
        both.retainAll(other.written());
        both.removeAll(key.columns());
        return !both.isEmpty() && key.columns().stream().allMatch(column -> isSame(one, other, column));
    }

    /** Whether both write the same value into a column of the key, for records that have the same paths. */
    private static boolean isSame(Writer one, Writer other, String column) {
        KeyValue value = KeyValue.of(one.statement, one.table, column);
        KeyValue others = KeyValue.of(other.statement, other.table, column);
        return value != null
                && others != null
                && Objects.equals(normal(value), normal(others))
                && !value.tellsCollections();
    }

    private static String normal(KeyValue value) {
        return value.text().replaceAll("\\s+|::\\w+", "");
    }
}
