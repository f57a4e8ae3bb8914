package io.github.sequinroutes.source;

import java.util.Comparator;
import java.util.List;

/**
 * A table, as a database has it.
 *
 * @param schema          the name of its schema
 * @param name            its name
 * @param sqlSchema       the schema as SQL, in quotes if it needs them
 * @param sqlName         schema and name as SQL
 * @param isPartitioned   whether its rows are in partitions
 * @param isPartition     whether it is a partition of another table
 * @param isLogged        whether its changes are in the write-ahead log: none of any other can be captured
 * @param identities      the replica identities of the tables that hold its rows, as {@code pg_class.relreplident} has them
 * @param hasLargeValues  whether values are stored out of line now
 * @param uniqueKeys      the columns of each unique index that a conflict can be found by, as SQL, in the order of names
 * @param columns         its columns
 */
public record SourceTable(
        String schema,
        String name,
        String sqlSchema,
        String sqlName,
        boolean isPartitioned,
        boolean isPartition,
        boolean isLogged,
        String identities,
        boolean hasLargeValues,
        List<List<String>> uniqueKeys,
        List<SourceColumn> columns) {
    /** The ID of the collection of its messages. */
    public String collection() {
        return schema + "." + name;
    }

    /** The columns of its primary key, in the order of the key; empty if it has none. */
    public List<SourceColumn> key() {
        return columns.stream()
                .filter(SourceColumn::isKey)
                .sorted(Comparator.comparingInt(SourceColumn::keyPlace))
                .toList();
    }

    /** Whether a unique index finds the row that has these values in these columns. */
    public boolean isUniqueBy(List<String> sqlNames) {
        return uniqueKeys.contains(sqlNames.stream().sorted().toList());
    }
}
