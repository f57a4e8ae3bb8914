package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.source.Catalogue;
import io.github.sequinroutes.source.SourceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Writes the collections that keep replicas of tables. */
public final class Scaffold {
    private static final String GIVEN_SCHEMAS = """
            select quote_ident(nspname) from pg_namespace
            where nspname in ('public', 'information_schema') or nspname like 'pg\\_%'
              or not has_database_privilege(current_database(), 'create')""";

    private final CollectionFilesWriter files;
    private final Consumer<String> out;
    private final List<Replica> replicas = new ArrayList<>();

    /**
     * Writes into a folder of routes, and the DDL into the folder {@code schema} beside it.
     *
     * @param overwrites whether files that are there are written anew
     * @param out        is told what is done, a line at a time
     */
    public Scaffold(Path routes, boolean overwrites, Consumer<String> out) {
        files = new CollectionFilesWriter(routes, overwrites, out);
        this.out = out;
    }

    /**
     * Plans replicas, and tells of tables that can have none; writes nothing.
     *
     * @param source      a connection in a transaction
     * @param target      the same; may be the same one
     * @param tables      tables of the source
     * @param softDeletes whether deleted rows are marked rather than removed
     * @return those that are skipped
     */
    public List<SourceTable> plan(Connection source, Connection target, List<SourceTable> tables, boolean softDeletes)
            throws SQLException {
        List<SourceTable> skipped = new ArrayList<>();
        List<SourceTable> existing = new Catalogue(target).tables();
        Set<String> schemas = givenSchemas(target);
        for (SourceTable table : tables) {
            SourceTable same = existing.stream()
                    .filter(one ->
                            one.schema().equals(table.schema()) && one.name().equals(table.name()))
                    .findFirst()
                    .orElse(null);
            String name = Printable.line(table.sqlName());
            try {
                Replica replica = new Replica.Planner(table, same, softDeletes).plan(source, schemas);
                refuseOtherDeletes(replica);
                replica.warnings().forEach(warning -> out.accept("Warning: " + name + ": " + Printable.line(warning)));
                replicas.add(replica);
            } catch (SkippedException e) {
                out.accept("Skipped " + name + ": " + Printable.line(e.getMessage()));
                skipped.add(table);
            }
        }
        return skipped;
    }

    /** Of files that are there and of what would be written beside them only one can be right. */
    private void refuseOtherDeletes(Replica replica) throws SkippedException {
        ReplicaTemplates templates = replica.templates();
        Path ddl = files.ddl(templates.name());
        if (replica.ddl() != null
                && Files.exists(ddl)
                && text(ddl).contains(ReplicaTemplates.LSN) != templates.softDeletes()) {
            throw new SkippedException(otherKind(templates) + "; remove " + ddl + " first");
        }
        Path route = files.collections().resolve(templates.name() + ".camel.yaml");
        Path delete = files.collections().resolve(templates.name() + ".delete.sql");
        if (Files.exists(route) && Files.exists(delete) == templates.softDeletes()) {
            throw new SkippedException(otherKind(templates) + "; remove " + route + " and its templates first");
        }
    }

    private static String otherKind(ReplicaTemplates templates) {
        return "its files are for deletes that " + (templates.softDeletes() ? "remove rows" : "mark rows");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The schemas that no DDL creates, as SQL: those that every database has, and, for a role that may create none, those that
     * are there. It would be refused even if there is nothing to create. Others may be missing where the file is run next.
     */
    static Set<String> givenSchemas(Connection target) throws SQLException {
        Set<String> schemas = new HashSet<>();
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(GIVEN_SCHEMAS)) {
            while (row.next()) {
                schemas.add(row.getString(1));
            }
        }
        return schemas;
    }

    /** Writes the DDL that the target needs; returns its files, those included that were there. */
    public List<Path> writeDdl() throws IOException {
        List<Path> written = new ArrayList<>();
        for (Replica replica : replicas) {
            if (replica.ddl() != null) {
                written.add(files.writeDdl(replica.templates().name(), replica.ddl()));
            }
        }
        return written;
    }

    /**
     * Runs files in the target, all in one transaction.
     *
     * @throws SQLException if the server refuses one: then nothing has been done
     */
    public void apply(List<Path> ddl, Connection target) throws SQLException, IOException {
        files.apply(ddl, target);
    }

    /** Writes templates and routes; a process that runs has the templates before the route. */
    public void writeCollections() throws IOException {
        for (Replica replica : replicas) {
            ReplicaTemplates templates = replica.templates();
            files.write(templates.name() + ".upsert.sql", templates.upsert());
            if (!templates.softDeletes()) {
                files.write(templates.name() + ".delete.sql", templates.delete());
            }
            files.write(templates.name() + ".camel.yaml", templates.route());
        }
    }
}
