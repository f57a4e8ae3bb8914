package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.source.SourceColumn;
import io.github.sequinroutes.source.SourceTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The replica of one table.
 *
 * @param templates its files
 * @param ddl       what its table in the target needs, or null if nothing
 * @param warnings  what the user should know of it
 */
record Replica(ReplicaTemplates templates, String ddl, List<String> warnings) {
    /** A table of the source, and what the target has of it. */
    static final class Planner {
        private final SourceTable table;
        private final SourceTable existing;
        private final boolean softDeletes;
        private final List<String> warnings = new ArrayList<>();

        /** {@code existing} is the table in the target, or null. */
        Planner(SourceTable table, SourceTable existing, boolean softDeletes) {
            this.table = table;
            this.existing = existing;
            this.softDeletes = softDeletes;
        }

        /** Plans the replica; {@code given} are the schemas that the DDL does not create, as SQL. */
        Replica plan(Connection source, Set<String> given) throws SQLException, SkippedException {
            refuseUnsuitable();
            String ddl = ddl(source, given);
            List<SourceColumn> written = table.columns().stream()
                    .filter(column -> !column.isGenerated())
                    .filter(column -> existing == null || has(existing, column, one -> !one.isGenerated()))
                    .toList();
            boolean overrides = existing != null
                    && written.stream().anyMatch(column -> has(existing, column, SourceColumn::isIdentity));
            warn();
            return new Replica(new ReplicaTemplates(table, written, overrides, softDeletes), ddl, warnings);
        }

        private void refuseUnsuitable() throws SkippedException {
            List<SourceColumn> key = table.key();
            if (!table.isLogged()) {
                throw new SkippedException("it is unlogged: none of its changes can be captured; alter table "
                        + table.sqlName() + " set logged");
            } else if (key.isEmpty()) {
                throw new SkippedException(
                        "it has no primary key, and nothing tells which row a change is of; alter table "
                                + table.sqlName()
                                + " add primary key (...), or take it out of the sink, or set sequin.ignore="
                                + table.collection());
            } else if (key.stream().anyMatch(SourceColumn::isGenerated)) {
                throw new SkippedException("its primary key has a generated column, and changes come without these");
            }
            for (SourceColumn column : softDeletes ? table.columns() : List.<SourceColumn>of()) {
                if (ReplicaTemplates.VERSION_COLUMNS.contains(column.name())) {
                    throw new SkippedException("it has a column " + column.name()
                            + " of its own, which --soft-deletes would add; scaffold it without");
                }
            }
            List<String> names = key.stream().map(SourceColumn::sqlName).toList();
            if (existing != null && !existing.isUniqueBy(names)) {
                throw new SkippedException("the table in the target has no primary key or unique index on ("
                        + String.join(", ", names) + "), by which a row is found; create one");
            }
        }

        private String ddl(Connection source, Set<String> given) throws SQLException, SkippedException {
            ReplicaTable target = new ReplicaTable(table, softDeletes);
            if (existing != null) {
                return target.alter(existing);
            }
            TypeDefinitions types = new TypeDefinitions(source);
            try {
                for (SourceColumn column : table.columns()) {
                    types.add(column.typeId());
                }
            } catch (UnsupportedTypeException e) {
                throw new SkippedException(e.getMessage());
            }
            Set<String> missing = new TreeSet<>(types.schemas());
            missing.add(table.sqlSchema());
            missing.removeAll(given);
            return target.create(types, missing);
        }

        private void warn() {
            String lost = names(SourceColumn::isLostByReads);
            if (!lost.isEmpty()) {
                warnings.add("a backfill sends null for " + lost
                        + ": of a row that it has read they are complete once the row" + " has changed");
            }
            String lostKey = names(column -> column.isKey() && column.isLostByReads());
            if (!lostKey.isEmpty()) {
                warnings.add("its key has " + lostKey + ", so rows that a backfill reads become dead letters");
            }
            if (existing == null) {
                return;
            }
            String absent = names(column -> !column.isGenerated() && !has(existing, column, one -> true));
            if (!absent.isEmpty()) {
                warnings.add("the table in the target has no " + absent + ", so the templates leave that out");
            }
            String strict = names(column -> !softDeletes
                    && !column.isKey()
                    && column.isLostByReads()
                    && has(existing, column, SourceColumn::isNotNull));
            if (!strict.isEmpty()) {
                warnings.add("the table in the target has not null on " + strict
                        + ", so rows that a backfill reads become dead letters; drop that constraint");
            }
        }

        private String names(Predicate<SourceColumn> which) {
            return table.columns().stream()
                    .filter(which)
                    .map(column -> column.sqlName() + " (" + column.type() + ")")
                    .collect(Collectors.joining(", "));
        }

        private static boolean has(SourceTable other, SourceColumn column, Predicate<SourceColumn> which) {
            return other.columns().stream().anyMatch(one -> one.name().equals(column.name()) && which.test(one));
        }
    }
}
