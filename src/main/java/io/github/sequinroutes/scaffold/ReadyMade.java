package io.github.sequinroutes.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** A collection that many people sync: its files on the class path, to be copied. Nothing of them runs before that. */
public final class ReadyMade {
    /** The IDs of all of them, sorted. */
    public static final List<String> COLLECTIONS = List.of(
            "github:issue",
            "github:pull_request",
            "github:repository",
            "hubspot:contact",
            "linear:issue",
            "salesforce:account",
            "salesforce:contact",
            "shopify:order",
            "stripe:charge",
            "stripe:customer",
            "stripe:invoice",
            "stripe:payment_intent",
            "stripe:price",
            "stripe:product",
            "stripe:subscription");

    private final String collection;
    private final Path routes;
    private final boolean force;
    private final Consumer<String> out;

    /**
     * One of {@link #COLLECTIONS}, to be written into a folder of routes, and into the folders beside it.
     *
     * @param force whether files that are there are overwritten
     * @param out   is told what is done, a line at a time
     */
    public ReadyMade(String collection, Path routes, boolean force, Consumer<String> out) {
        this.collection = collection;
        this.routes = routes;
        this.force = force;
        this.out = out;
    }

    /** What one of them is, in a few words. */
    public static String description(String collection) {
        return text(collection, ".sql").lines().findFirst().orElseThrow().replaceFirst("^-- (.*)\\. .*", "$1");
    }

    /** The file with a route for it, if that is another one than it would write, or null. */
    public Path otherRoute() throws IOException {
        return new CollectionFilesWriter(routes, false, out).otherRoute(collection, name(collection) + ".camel.yaml");
    }

    /** Its ID. */
    public String collection() {
        return collection;
    }

    /** Writes the DDL, and returns its file, also if that was there. */
    public Path writeDdl() throws IOException {
        return write(routes.resolveSibling("schema"), ".sql");
    }

    /** Writes the sample records, the template and then the route, which a process that runs loads at once. */
    public void writeCollection() throws IOException {
        write(routes.resolveSibling("samples"), ".jsonl");
        write(routes.resolve("collections"), ".upsert.sql");
        write(routes.resolve("collections"), ".camel.yaml");
    }

    private Path write(Path folder, String ending) throws IOException {
        Path file = folder.resolve(name(collection) + ending);
        OpenOption[] options = {
            StandardOpenOption.WRITE,
            force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
            StandardOpenOption.TRUNCATE_EXISTING
        };
        Files.createDirectories(folder);
        boolean isThere = Files.exists(file);
        try {
            Files.writeString(file, text(collection, ending), options);
            out.accept((isThere ? "Written anew " : "Written ") + file);
        } catch (FileAlreadyExistsException e) {
            out.accept("Left as it was " + file);
        }
        return file;
    }

    private static String name(String collection) {
        return collection.replaceAll("[:_]", "-");
    }

    private static String text(String collection, String ending) {
        String provider = collection.substring(0, collection.indexOf(':'));
        String resource = "/ready-made/" + provider + "/" + name(collection) + ending;
        try (InputStream in = ReadyMade.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(resource + " cannot be read", e);
        }
    }
}
