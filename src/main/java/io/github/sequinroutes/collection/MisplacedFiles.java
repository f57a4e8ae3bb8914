package io.github.sequinroutes.collection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files of collections that lie beside the folder {@code collections}, among the bundle's own, which must all be good. */
public final class MisplacedFiles {
    private static final Pattern OF_A_COLLECTION = Pattern.compile(
            "(?m)^[\\s-]*routeTemplateRef\\s*:\\s*[\"']?" + RouteTemplates.COLLECTION + "[\"']?\\s*(#.*)?$");

    /** The bundle's own files as they were called before there was one page: an upgrade may have left them there. */
    public static final Set<String> FORMER = Set.of(
            "ack.camel.yaml",
            "collection.camel.yaml",
            "dead-letter.camel.yaml",
            "dispatch.camel.yaml",
            "failures.camel.yaml",
            "poll.camel.yaml",
            "purge.camel.yaml",
            "receive.camel.yaml",
            "dead-letter.sql",
            "purge.sql");

    private MisplacedFiles() {}

    /** Their names; none if the folder is not there. */
    public static List<String> in(Path routes) throws IOException {
        if (!Files.isDirectory(routes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(routes)) {
            return files.filter(MisplacedFiles::isOfACollection)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static boolean isOfACollection(Path file) {
        if (!CollectionFiles.isRouteFile(file.getFileName().toString())) {
            return false;
        }
        try {
            return OF_A_COLLECTION.matcher(Files.readString(file)).find();
        } catch (IOException e) {
            return false; // Camel says what is wrong with it
        }
    }
}
