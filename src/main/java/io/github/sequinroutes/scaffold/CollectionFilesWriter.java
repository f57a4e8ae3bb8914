package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.failure.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes the files of collections, and runs their DDL. Overwrites a file only if it is told to. */
public final class CollectionFilesWriter {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    /** Refused to whoever may not create schemas, also if this one is there. */
    private static final Pattern CREATE_SCHEMA = Pattern.compile("create schema .*?;", Pattern.CASE_INSENSITIVE);

    private final Path collections;
    private final Path schema;
    private final boolean overwrites;
    private final Consumer<String> out;

    /**
     * Writes into a folder of routes, and the DDL into the folder {@code schema} beside it.
     *
     * @param overwrites whether files that are there are written anew
     * @param out        is told what is done, a line at a time
     */
    public CollectionFilesWriter(Path routes, boolean overwrites, Consumer<String> out) {
        collections = routes.resolve("collections");
        schema = routes.resolveSibling("schema");
        this.overwrites = overwrites;
        this.out = out;
    }

    /** Where the files of collections are. */
    public Path collections() {
        return collections;
    }

    /**
     * A file with a route for a collection, other than the one of this name, or null: of two routes for one collection none
     * would run.
     */
    Path otherRoute(String collection, String own) throws IOException {
        Pattern mention =
                Pattern.compile("(?m):\\s*[\"']?(direct:)?" + Pattern.quote(collection) + "[\"']?\\s*(#.*)?$");
        for (Path file : files(collections, ".camel.yaml")) {
            if (!file.getFileName().toString().equals(own)
                    && mention.matcher(text(file)).find()) {
                return file;
            }
        }
        return null;
    }

    /** The files in the folder {@code schema} that create a table, whose name is given as SQL. */
    public List<Path> ddlOf(String table) throws IOException {
        Pattern creates = Pattern.compile(
                "create\\s+table\\s+(if\\s+not\\s+exists\\s+)?" + Pattern.quote(table) + "\\s*\\(",
                Pattern.CASE_INSENSITIVE);
        List<Path> found = new ArrayList<>();
        for (Path file : files(schema, ".sql")) {
            if (creates.matcher(text(file)).find()) {
                found.add(file);
            }
        }
        return found;
    }

    /** The upsert templates in the folder that write a table, whose name is given as SQL. */
    List<Path> writersOf(String table) throws IOException {
        Pattern writes = Pattern.compile(
                "(?m)^[^-\n]*(insert\\s+into|update|merge\\s+into)\\s+(only\\s+)?" + Pattern.quote(table)
                        + "(?![\\w$\".])",
                Pattern.CASE_INSENSITIVE);
        List<Path> found = new ArrayList<>();
        for (Path file : files(collections, ".upsert.sql")) {
            if (writes.matcher(text(file)).find()) {
                found.add(file);
            }
        }
        return found;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending) && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    /** The text of a file, whatever its encoding. */
    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    /** Writes DDL into a file of this name, without ending; returns the file. */
    public Path writeDdl(String name, String ddl) throws IOException {
        return write(ddl(name), ddl);
    }

    /** The file with DDL of this name, without ending. */
    Path ddl(String name) {
        return schema.resolve(name + ".sql");
    }

    /** Writes a file of a collection. */
    public Path write(String name, String text) throws IOException {
        return write(collections.resolve(name), text);
    }

    private Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        boolean isThere = Files.exists(file);
        try {
            if (overwrites && isThere) {
                Files.writeString(file, text);
            } else {
                Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
            out.accept((isThere ? "Written anew " : "Written ") + file);
        } catch (FileAlreadyExistsException e) {
            out.accept("Left as it was " + file);
        }
        return file;
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
                                + "; nothing has been changed in the database, and no route written; the files in "
                                + schema + " stay, and are used as they are: " + remedy(file, files, e),
                        e.getSQLState(),
                        e);
            }
        }
        target.commit();
        files.forEach(file -> out.accept("Applied " + file));
    }

    private static String remedy(Path file, List<Path> files, SQLException refusal) throws IOException {
        if (!INSUFFICIENT_PRIVILEGE.equals(refusal.getSQLState())) {
            return "mend the file, or remove it, and run this again";
        }
        Matcher creates = CREATE_SCHEMA.matcher(Files.readString(file));
        return "have a role that may, run psql "
                + files.stream().map(each -> "-f " + each).collect(Collectors.joining(" "))
                + ", and run this again without --apply"
                + (creates.find()
                        ? "; or, if the schema is there, remove \"" + creates.group() + "\" from it, and run this again"
                        : "");
    }
}
