package io.github.sequinroutes.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What does not come of a source's tables, or stops its server. All of it was seen with the real server. */
public final class SourceWarnings {
    /** In bytes: the server drops larger messages, and says nothing. */
    private static final int MAX_MESSAGE = 5_000_000;

    private static final String ANY = "*";

    private final Connection connection;
    private final Consumer<String> out;
    private final RowScan scan;

    /** Asks through a connection in a transaction. */
    public SourceWarnings(Connection connection, Consumer<String> out) {
        this.connection = connection;
        this.out = out;
        scan = new RowScan(connection);
    }

    /**
     * Warns, a line at a time, of what concerns collections.
     *
     * @param collections their IDs, such as {@code public.orders}
     * @param ignored     the IDs of those that are to be acked unwritten
     * @param columns     the columns that each collection's templates name
     * @throws SQLException if the source does not answer
     */
    public void check(Collection<String> collections, Collection<String> ignored, Map<String, Set<String>> columns)
            throws SQLException {
        Map<String, SourceTable> tables = new TreeMap<>(new Catalogue(connection)
                .tables().stream()
                        .collect(Collectors.toMap(SourceTable::collection, Function.identity(), (a, b) -> a)));
        Publications publications = Publications.of(connection);
        for (SourceTable table : tables.values()) {
            // one that is published and has no collection here stops the others, too
            if (collections.contains(table.collection()) || publications.has(table.collection())) {
                checkArrays(table);
            }
        }
        for (String collection : new TreeSet<>(collections)) {
            SourceTable table = tables.get(collection);
            if (table != null) {
                checkPublished(table, publications);
                checkIdentity(table);
                checkValues(table);
                checkColumns(table, columns.getOrDefault(collection, Set.of()));
            } else if (!collection.equals(ANY)) {
                out.accept(collection + ": the source has no such table, so nothing comes for it");
            }
        }
        if (!collections.contains(ANY)) {
            checkUnhandled(tables.values().stream()
                    .filter(table -> publications.has(table.collection()) && !table.isPartition())
                    .map(SourceTable::collection)
                    .filter(id -> !collections.contains(id) && !ignored.contains(id))
                    .toList());
        }
        checkKeyChanges(tables.values().stream()
                .filter(table -> collections.contains(table.collection()))
                .toList());
    }

    /** Of a template that names most columns it may be a mistake if others are left out: the source may have got them since. */
    private void checkColumns(SourceTable table, Set<String> named) {
        List<String> left = table.columns().stream()
                .filter(column -> !column.isGenerated() && !named.contains(column.name()))
                .map(SourceColumn::sqlName)
                .toList();
        if (!left.isEmpty() && left.size() < table.columns().size() - left.size()) {
            out.accept(table.collection() + ": its template names no " + String.join(", ", left)
                    + ", so that is not replicated; add it to the replica's table, then to the template, as scaffold --force"
                    + " does");
        }
    }

    private void checkUnhandled(List<String> ids) {
        if (!ids.isEmpty()) {
            out.accept("published, and without a collection here: " + String.join(", ", ids)
                    + ": what a sink hands out of these becomes dead letters; scaffold those with a primary key, take others out of the sink, or set"
                    + " sequin.ignore=" + String.join(",", ids));
        }
    }

    /**
     * Warns of what is not published, as far as replicas of these tables are concerned, if anything is published already.
     *
     * @throws SQLException if the source does not answer
     */
    public void checkPublished(List<SourceTable> tables) throws SQLException {
        Publications publications = Publications.of(connection);
        if (!publications.areEmpty()) {
            tables.forEach(table -> checkPublished(table, publications));
        }
    }

    private void checkKeyChanges(List<SourceTable> tables) {
        String names = tables.stream()
                .filter(table ->
                        table.identities().contains("d") && !table.key().isEmpty())
                .map(SourceTable::collection)
                .collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            out.accept(
                    "a change of a row's key leaves the row under its old key as well, unless the replica identity is full;"
                            + " it is the default of " + names);
        }
    }

    private void checkPublished(SourceTable table, Publications publications) {
        String collection = table.collection();
        for (String publication : publications.byPartition(collection)) {
            out.accept(collection + ": publication " + publication
                    + " publishes its partitions under their own names, which"
                    + " are other collections; alter publication " + publication
                    + " set (publish_via_partition_root = true)");
        }
        for (String publication : publications.incomplete(collection)) {
            out.accept(
                    collection + ": publication " + publication + " does not publish all inserts, updates and deletes;"
                            + " alter publication " + publication + " set (publish = 'insert, update, delete')");
        }
        if (!publications.has(collection)
                && publications.byPartition(collection).isEmpty()) {
            out.accept(
                    collection + ": it is in no publication, so nothing comes for it; alter publication ... add table "
                            + table.sqlName());
        }
    }

    private void checkIdentity(SourceTable table) {
        String fix = "; alter table " + table.sqlName() + " replica identity ";
        if (table.key().isEmpty()) {
            out.accept(table.collection()
                    + ": it has no primary key, so nothing tells which row a change is of: each is one"
                    + " of its own; alter table " + table.sqlName() + " add primary key (...)");
        }
        if (table.identities().contains("n")) {
            out.accept(
                    table.collection() + ": its replica identity is nothing, so updates and deletes fail or do not come"
                            + fix + "default");
        } else if (table.identities().contains("i")) {
            out.accept(table.collection()
                    + ": its replica identity is an index, so deletes may come without the primary key" + fix
                    + "default");
        }
        boolean isDeferrable = !table.key().isEmpty()
                && !table.isUniqueBy(
                        table.key().stream().map(SourceColumn::sqlName).toList());
        if (isDeferrable) {
            out.accept(table.collection()
                    + ": its primary key is deferrable, so a statement can swap the keys of two rows, and then one of them is"
                    + " lost; leave the keys of rows as they are, or make it not deferrable");
        }
        String toasted = names(table, SourceColumn::isToasted);
        if (table.identities().contains("d") && !toasted.isEmpty()) {
            out.accept(table.collection() + ": an update that leaves a large value as it is comes without it, of "
                    + toasted + ": a row that is there keeps it, and if none is there the message is a dead letter"
                    + fix + "full");
        }
    }

    private void checkValues(SourceTable table) throws SQLException {
        String lost = names(table, SourceColumn::isLostByReads);
        if (!lost.isEmpty()) {
            out.accept(table.collection() + ": a backfill sends null for " + lost
                    + ": a row that comes by a backfill lacks that until it changes");
        }
        checkKey(table);
        List<String> sizes = table.columns().stream()
                .map(SourceColumn::size)
                .filter(size -> size != null)
                .toList();
        if (table.hasLargeValues() && !sizes.isEmpty()) {
            String sum = IntStream.rangeClosed(1, sizes.size())
                    .mapToObj(i -> "coalesce(c" + i + ", 0)::bigint")
                    .collect(Collectors.joining(" + "));
            String rows = scan.count(table, sizes, sum + " > " + MAX_MESSAGE);
            if (rows != null) {
                out.accept(
                        "%s: %s make a message of more than %d bytes, by an estimate; the server drops these silently"
                                .formatted(table.collection(), rows, MAX_MESSAGE));
            }
        }
    }

    private void checkKey(SourceTable table) {
        String lost = names(table, column -> column.isKey() && column.isLostByReads());
        if (!lost.isEmpty()) {
            out.accept(table.collection() + ": of its key a backfill sends null for " + lost
                    + ", so the rows that it reads become dead letters; copy them instead, as pg_dump --data-only does:"
                    + " every change is newer than what was copied");
        }
        String cut = names(table, column -> column.isKey() && column.type().startsWith("time "));
        if (!cut.isEmpty()) {
            out.accept(table.collection() + ": its key comes without fractions of " + cut
                    + ": rows that differ in nothing else are one row of the replica");
        }
    }

    private void checkArrays(SourceTable table) throws SQLException {
        List<SourceColumn> arrays = table.columns().stream()
                .filter(column -> column.isArray() && !column.isGenerated())
                .toList();
        if (arrays.isEmpty()) {
            return;
        }
        String condition = IntStream.rangeClosed(1, arrays.size())
                .mapToObj(i -> "array_dims(c" + i + ") !~ '^(\\[1:[0-9]+\\])+$'")
                .collect(Collectors.joining(" or "));
        String rows =
                scan.count(table, arrays.stream().map(SourceColumn::sqlName).toList(), condition);
        if (rows != null) {
            out.accept(table.collection() + ": " + rows + " have an array that does not begin at 1 ("
                    + arrays.stream().map(SourceColumn::sqlName).collect(Collectors.joining(", "))
                    + "), and a change of one stops the server for the whole database; mend these while it captures"
                    + " nothing: update " + table.sqlName() + " set "
                    + arrays.stream()
                            .map(column -> column.sqlName() + " = " + column.sqlName() + "[:]")
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String names(SourceTable table, Predicate<SourceColumn> which) {
        return table.columns().stream()
                .filter(which)
                .map(column -> column.sqlName() + " (" + column.type() + ")")
                .collect(Collectors.joining(", "));
    }
}
