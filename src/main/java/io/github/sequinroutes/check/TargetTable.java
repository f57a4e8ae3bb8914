package io.github.sequinroutes.check;

import java.util.List;

/**
 * A table that templates write, as the database has it.
 *
 * @param id            its oid
 * @param name          its name with that of its schema, as SQL
 * @param isTable       whether it is one, and no view
 * @param takesNoRow    whether it is partitioned, and has no partition
 * @param wholeName     of a partition that does not take every row, the name of the table that it is of; else null
 * @param hasTriggers   whether triggers may change what is inserted
 * @param hasAnyTriggers whether there are others, or these
 * @param isFiltered    whether policies hide rows of it from the role
 * @param role          the role
 * @param columns       all of them, in their order
 * @param indexes       all that can be used
 * @param foreignKeys   those of its rows
 */
record TargetTable(
        long id,
        String name,
        boolean isTable,
        boolean takesNoRow,
        String wholeName,
        boolean hasTriggers,
        boolean hasAnyTriggers,
        boolean isFiltered,
        String role,
        List<Column> columns,
        List<Index> indexes,
        List<ForeignKey> foreignKeys) {
    /**
     * A column.
     *
     * @param type       as SQL
     * @param baseType   the name of its type, or of that below its domain
     * @param isNotNull  whether it refuses null
     * @param hasDefault whether it gets a value if it is left out
     * @param isComputed whether it is generated from others
     * @param isIdentity whether it is {@code generated always as identity}
     * @param ownValue   what it gets if it is left out, as SQL, or null: of an identity {@code nextval()}
     * @param isLoose    whether its collation takes several texts for one
     */
    record Column(
            String name,
            String type,
            String baseType,
            boolean isNotNull,
            boolean hasDefault,
            boolean isComputed,
            boolean isIdentity,
            String ownValue,
            boolean isLoose) {
        /** Whether it is true, false or null. */
        boolean isFlag() {
            return "bool".equals(baseType);
        }
    }

    /**
     * An index.
     *
     * @param columns    those it is on, in order; null for an expression
     * @param isUnique   whether it is unique, or excludes
     * @param isDeferred whether it belongs to a constraint that can be deferred
     * @param predicate  its condition, or null
     * @param definition of its columns and expressions, as SQL
     * @param takesNullOnce whether it is {@code nulls not distinct}
     */
    record Index(
            String name,
            List<String> columns,
            boolean isUnique,
            boolean isDeferred,
            String predicate,
            String definition,
            boolean takesNullOnce) {
        /** Whether {@code on conflict} can name its columns, and nothing else. */
        boolean canBeTarget() {
            return isUnique && !isDeferred && predicate == null && !columns.contains(null);
        }
    }

    /** A foreign key, and the oid of the table that it refers to. */
    record ForeignKey(String name, long target, String targetName) {}

    /** The column of this name, or null. */
    Column column(String column) {
        return columns.stream()
                .filter(known -> known.name().equals(column))
                .findFirst()
                .orElse(null);
    }

    /** Whether there is a column of this name that is true, false or null. */
    boolean isFlag(String column) {
        return column(column) != null && column(column).isFlag();
    }

    /** The names of all columns. */
    List<String> columnNames() {
        return columns.stream().map(Column::name).toList();
    }
}
