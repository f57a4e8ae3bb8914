package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.failure.RelativePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Files in the folder and beside it that look as if they were for a collection, and are for none. */
final class StrayFiles {
    /** What nobody takes for a route: notes, and what editors leave behind. */
    private static final Pattern NOTES = Pattern.compile("^readme|\\.md$|~$|\\.(bak|orig|swp|tmp)$");

    /** What only a route of a collection says. */
    private static final Pattern OF_A_COLLECTION =
            Pattern.compile("routeTemplateRef[\"']?\\s*:\\s*[\"']?collection\\b|postgres-upsert-sink");

    /** The folders with the bundle's own routes. */
    private static final Set<String> BUNDLES_OWN = Set.of("machine", "kamelets");

    private static final Pattern LIKE_A_ROUTE = Pattern.compile("\\.ya?ml$", Pattern.CASE_INSENSITIVE);

    /** A name in lower case that says that there are routes in it. */
    private static final Pattern A_ROUTE_FILE = Pattern.compile("\\.ya?ml(\\.|$)|\\.camel(\\.|$)");

    private StrayFiles() {}

    /** For each that lies beside the folder, among the bundle's own routes, by name. */
    static List<Problem> beside(Path folder) throws IOException {
        Path routes = folder.getParent();
        if (!folder.endsWith("collections") || routes == null || !Files.isDirectory(routes)) {
            return List.of();
        }
        List<Problem> strays = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(routes, "*" + CollectionFiles.ENDING)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    text.append(Files.readString(file, StandardCharsets.ISO_8859_1)); // only names are looked for
                }
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(routes)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String location = RelativePath.of(file.toString());
                String problem = null;
                if (MisplacedFiles.FORMER.contains(name)) {
                    strays.add(
                            stray(location, true, "is of an earlier version of the bundle, and not loaded; remove it"));
                } else if (Files.isDirectory(file)) {
                    boolean isKnown = file.equals(folder) || BUNDLES_OWN.contains(name);
                    problem = !isKnown && hasCollections(file) ? "is a folder, and nothing in it is loaded" : null;
                } else if (LIKE_A_ROUTE.matcher(name).find() && !CollectionFiles.isRouteFile(name)) {
                    problem = "is not loaded, because its name does not end in " + CollectionFiles.ENDING;
                } else if (name.toLowerCase(Locale.ROOT).endsWith(".sql") && text.indexOf(name) < 0) {
                    problem = "is not used, because no route names it";
                }
                if (problem != null) {
                    strays.add(stray(
                            location,
                            !problem.contains("loaded"),
                            problem + "; the files of a collection belong in " + folder.getFileName()));
                }
            }
        }
        return strays;
    }

    /** Whether there are files in a folder that belong in that of the collections: others may have YAML of their own. */
    private static boolean hasCollections(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{yaml,yml,sql}")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String text = Files.isRegularFile(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
                boolean isEmpty = text.isBlank() && CollectionFiles.isRouteFile(name);
                if (name.endsWith(".sql")
                        || isEmpty
                        || OF_A_COLLECTION.matcher(text).find()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether there are files of collections in a folder. */
    static boolean hasRoutes(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{yaml,yml,sql}")) {
            return files.iterator().hasNext();
        }
    }

    /** A line for each in the folder, by name. */
    static List<String> warnings(CollectionFolder folder, Collection<String> names, Collection<CollectionFile> files) {
        return lines(in(folder, names, files));
    }

    /** These, as a log has them. */
    static List<String> lines(List<Problem> strays) {
        return strays.stream()
                .map(stray -> stray.file() + ":" + stray.line() + ":" + stray.column() + ": " + stray.text())
                .toList();
    }

    /** For each in the folder, by name. A file with routes that is not loaded is wrong; others may lie there for a reason. */
    static List<Problem> in(CollectionFolder folder, Collection<String> names, Collection<CollectionFile> files) {
        List<Problem> strays = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        StringBuilder text = new StringBuilder();
        for (CollectionFile file : files) {
            named.addAll(file.sqlFiles());
            // one that cannot be parsed may name them all the same, and so may what is to be written in it
            text.append(file.text());
            file.problems().forEach(problem -> text.append(problem.text()));
        }
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (CollectionFiles.isRouteFile(name) || NOTES.matcher(lower).find()) {
                continue;
            }
            String location = folder.location(name);
            if (name.endsWith("/")) {
                String problem = "is a folder, and nothing in it is loaded; move its files out of it";
                strays.add(stray(location, !folder.hasRoutes(name), problem));
            } else if (!lower.endsWith(".sql")) {
                int sql = lower.indexOf(".sql.");
                String base = lower.replaceAll("(\\.+camel)?(\\.+(ya?ml|txt|json|xml).*)?$", "");
                String ending = sql < 0 ? CollectionFiles.ENDING : ".sql";
                String problem = "is not loaded, because its name does not end in " + ending + "; rename it to "
                        + name.substring(0, sql < 0 ? base.length() : sql) + ending;
                strays.add(stray(location, !A_ROUTE_FILE.matcher(lower).find(), problem));
            } else if (!named.contains(name) && text.indexOf(name) < 0) {
                strays.add(
                        stray(location, true, "is not used, because no route names it; name it in one, or remove it"));
            }
        }
        return strays;
    }

    /** Whether a name says that there are routes in the file, whether it is loaded or not. */
    static boolean isLikeARoute(String name) {
        return !name.endsWith("/")
                && A_ROUTE_FILE.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    private static Problem stray(String location, boolean isWarning, String problem) {
        return new Problem(location, 1, 1, isWarning, problem);
    }
}
