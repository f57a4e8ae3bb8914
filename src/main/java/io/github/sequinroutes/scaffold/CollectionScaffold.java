package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.source.SourceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Writes collections of the Consume API, each with its route, its templates and the DDL of its table. */
public final class CollectionScaffold {
    private final CollectionFilesWriter files;
    private final boolean overwrites;
    private final boolean withData;
    private final Consumer<String> out;
    private final List<Planned> planned = new ArrayList<>();
    /** Files with DDL that are there already. */
    private final Set<Path> ddl = new LinkedHashSet<>();

    private record Planned(CollectionTemplates templates, String ddl) {}

    /**
     * Writes into a folder of routes, and the DDL into the folder {@code schema} beside it.
     *
     * @param overwrites whether files that are there are written anew
     * @param withData   whether new tables have a column for the whole data as well
     * @param out        is told what is done, a line at a time
     */
    public CollectionScaffold(Path routes, boolean overwrites, boolean withData, Consumer<String> out) {
        files = new CollectionFilesWriter(routes, overwrites, out);
        this.overwrites = overwrites;
        this.withData = withData;
        this.out = out;
    }

    /**
     * Whether a collection has files that must not be overwritten. If so, they stay as they are, and its table is made by
     * the DDL that is there for it.
     *
     * @param existing the table, or null if the target has none
     * @throws SkippedException if another file has a route for it
     */
    public boolean isThere(String collection, TableName table, SourceTable existing, Connection target)
            throws IOException, SQLException, SkippedException {
        String name = Paths.file(collection);
        Path other = files.otherRoute(collection, name + ".camel.yaml");
        if (other != null) {
            throw new SkippedException(other + " has a route for it already; remove that first");
        }
        refuseSharedTable(name, table, Identifiers.of(target));
        boolean isThere = false;
        for (String ending : List.of(".camel.yaml", ".upsert.sql", ".delete.sql")) {
            Path file = files.collections().resolve(name + ending);
            if (!overwrites && Files.exists(file)) {
                out.accept("Left as it was " + file);
                isThere = true;
            }
        }
        if (isThere) {
            out.accept("--force writes the files of " + Printable.line(collection) + " anew");
        }
        Identifiers identifiers = Identifiers.of(target);
        String sql = identifiers.sql(table.schema()) + "." + identifiers.sql(table.name());
        List<Path> creating = files.ddlOf(sql);
        if (existing != null && !creating.isEmpty()) {
            out.accept("Table " + Printable.line(sql) + " is there and is not changed, whatever " + creating.get(0)
                    + " says now; change it yourself, with alter table");
        } else if (isThere && existing == null) {
            ddl.addAll(creating);
        }
        return isThere;
    }

    /** Of {@code acme:order} and {@code acme:orders} the table would have one name, and their rows be mixed. */
    private void refuseSharedTable(String name, TableName table, Identifiers identifiers)
            throws IOException, SkippedException {
        Path route = files.collections().resolve(name + ".camel.yaml");
        String own = name + ".upsert.sql" + (Files.exists(route) ? CollectionFilesWriter.text(route) : "");
        String sql = identifiers.sql(table.schema()) + "." + identifiers.sql(table.name());
        for (Path file : files.writersOf(sql)) {
            if (!own.contains(file.getFileName().toString())) {
                throw new SkippedException(
                        file + " writes its table, " + Printable.line(sql) + ", already; name another with --table");
            }
        }
    }

    /**
     * Plans a collection; writes nothing.
     *
     * @param table    its table
     * @param existing the same in the target, or null if there is none
     * @param shape    what its records look like, or null if only the table is known
     * @throws SkippedException if it cannot be written into that table
     */
    public void plan(String collection, TableName table, SourceTable existing, RecordShape shape, Connection target)
            throws SQLException, SkippedException {
        Identifiers identifiers = Identifiers.of(target);
        if (existing != null) {
            String provider = Identifiers.snake(collection.replaceFirst(":.*", ""));
            ExistingTable found = new ExistingTable(existing, provider, shape);
            CollectionTemplates templates = new CollectionTemplates(collection, found.plan(), identifiers);
            found.warnings()
                    .forEach(warning -> out.accept(
                            "Warning: " + Printable.line(existing.sqlName()) + ": " + Printable.line(warning)));
            planned.add(new Planned(templates, null));
            return;
        }
        ShapeColumns columns = new ShapeColumns(shape, withData);
        CollectionTable created = new CollectionTable(
                table.schema(),
                table.name(),
                columns.columns(),
                CollectionTable.Deletes.UPSERT,
                StandardFields.VERSION,
                new CollectionTable.Mark(StandardFields.DELETED, CollectionTable.MarkKind.FLAG),
                columns.notes());
        planned.add(new Planned(
                new CollectionTemplates(collection, created, identifiers),
                new CollectionDdl(created, identifiers).create(collection, Scaffold.givenSchemas(target))));
    }

    /** Writes the DDL that the target needs; returns its files, those included that were there. */
    public List<Path> writeDdl() throws IOException {
        for (Planned collection : planned) {
            if (collection.ddl != null) {
                ddl.add(files.writeDdl(collection.templates.name(), collection.ddl));
            }
        }
        return List.copyOf(ddl);
    }

    /**
     * Runs files in the target, all in one transaction.
     *
     * @throws SQLException if the server refuses one: then nothing has been done
     */
    public void apply(List<Path> written, Connection target) throws SQLException, IOException {
        files.apply(written, target);
    }

    /** Writes templates and routes; a process that runs has the templates before the route. */
    public void writeCollections() throws IOException {
        for (Planned collection : planned) {
            CollectionTemplates templates = collection.templates;
            files.write(templates.name() + ".upsert.sql", templates.upsert());
            if (templates.hasDelete()) {
                files.write(templates.name() + ".delete.sql", templates.delete());
            }
            files.write(templates.name() + ".camel.yaml", templates.route());
        }
    }
}
