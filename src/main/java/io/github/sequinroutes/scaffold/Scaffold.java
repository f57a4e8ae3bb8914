package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.source.Catalogue;
import io.github.sequinroutes.source.SourceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Writes the collections that keep replicas of tables, and never overwrites a file. */
public final class Scaffold {
    private final Path collections;
    private final Path schema;
    private final Consumer<String> out;
    private final List<Replica> replicas = new ArrayList<>();

    /**
     * Writes into a folder of routes, and the DDL into the folder {@code schema} beside it.
     *
     * @param out is told what is done, a line at a time
     */
    public Scaffold(Path routes, Consumer<String> out) {
        collections = routes.resolve("collections");
        schema = routes.resolveSibling("schema");
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
        Set<String> schemas = schemas(target);
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
        Path ddl = schema.resolve(templates.name() + ".sql");
        if (replica.ddl() != null
                && Files.exists(ddl)
                && text(ddl).contains(ReplicaTemplates.LSN) != templates.softDeletes()) {
            throw new SkippedException(otherKind(templates) + "; remove " + ddl + " first");
        }
        Path route = collections.resolve(templates.name() + ".camel.yaml");
        Path delete = collections.resolve(templates.name() + ".delete.sql");
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

    private static Set<String> schemas(Connection target) throws SQLException {
        Set<String> schemas = new HashSet<>();
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery("select quote_ident(nspname) from pg_namespace")) {
            while (row.next()) {
                schemas.add(row.getString(1));
            }
        }
        return schemas;
    }

    /** Writes the DDL that the target needs; returns its files, those included that were there. */
    public List<Path> writeDdl() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Replica replica : replicas) {
            if (replica.ddl() != null) {
                files.add(write(schema.resolve(replica.templates().name() + ".sql"), replica.ddl()));
            }
        }
        return files;
    }

    /**
     * Runs files in the target, all in one transaction.
     *
     * @throws SQLException if the server refuses one: then nothing has been done
     */
    public void apply(List<Path> files, Connection target) throws SQLException, IOException {
        for (Path file : files) {
            try (Statement statement = target.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(Files.readString(file));
            } catch (SQLException e) {
                target.rollback();
                throw new SQLException(
                        file + " cannot be applied: "
                                + (Failures.headline(e).isEmpty() ? e.getMessage() : Failures.headline(e))
                                + "; nothing has been changed, and no route written: mend the file, or remove it, and run"
                                + " this again",
                        e.getSQLState(),
                        e);
            }
        }
        target.commit();
        files.forEach(file -> out.accept("Applied " + file));
    }

    /** Writes templates and routes; a process that runs has the templates before the route. */
    public void writeCollections() throws IOException {
        for (Replica replica : replicas) {
            ReplicaTemplates templates = replica.templates();
            write(collections.resolve(templates.name() + ".upsert.sql"), templates.upsert());
            if (!templates.softDeletes()) {
                write(collections.resolve(templates.name() + ".delete.sql"), templates.delete());
            }
            write(collections.resolve(templates.name() + ".camel.yaml"), templates.route());
        }
    }

    private Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            out.accept("Written " + file);
        } catch (FileAlreadyExistsException e) {
            out.accept("Left as it was " + file);
        }
        return file;
    }
}
