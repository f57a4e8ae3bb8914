package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.message.MessageFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The paths that lead somewhere in the messages of an API, as far as that is known before one has come. */
final class Paths {
    /** Where the records of the Consume API have their data. */
    private static final String DATA = "data";

    private static final Set<String> OF_RECORD = Set.of("""
            id collection_id provider stream_id sync sync_id upstream_id updated_idx deleted inserted_at
            upstream_created_at upstream_updated_at data""".split("\\s+", -1));
    private static final Set<String> OF_METADATA = Set.of("""
            table_schema table_name commit_timestamp commit_lsn commit_idx idempotency_key record_pks database_name
            consumer transaction_annotations""".split("\\s+", -1));
    /** The names below others, where the API fixes them. */
    private static final Map<String, Set<String>> BELOW =
            Map.of("sync", Set.of("id", "external_id", "metadata"), "metadata", OF_METADATA);

    /** What says something of a record, and not which one it is. */
    private static final Set<String> NO_KEYS = Set.of("""
            collection_id provider stream_id sync sync_id updated_idx deleted inserted_at upstream_created_at
            upstream_updated_at action changes""".split("\\s+", -1));

    private final MessageFormat format;
    private final boolean isConsume;
    private final Set<String> roots;
    private final String data;

    Paths(MessageFormat format) {
        this.format = format;
        data = format.dataField();
        isConsume = data.equals(DATA);
        roots = new TreeSet<>(isConsume ? OF_RECORD : format.roots());
    }

    /** Whether they are those of the Consume API. */
    boolean isConsume() {
        return isConsume;
    }

    /** The paths that make up a version. */
    List<List<String>> version() {
        return format.version();
    }

    /** The columns that hold a version where a template names them as its paths. */
    List<String> versionNames() {
        return version().stream().map(path -> path.get(path.size() - 1)).toList();
    }

    /** Whether a path can tell which record is meant. */
    boolean isKey(List<String> path) {
        return !NO_KEYS.contains(path.get(0))
                && !(path.get(0).equals("metadata")
                        && !path.contains("idempotency_key")
                        && !path.contains("record_pks"));
    }

    /** Whether a path leads to what a deletion need not have. */
    boolean isData(List<String> path) {
        return path.get(0).equals(data);
    }

    /** Whether every record has a value there. */
    boolean isAlwaysThere(List<String> path) {
        return !path.get(0).equals(data)
                && !(path.size() > 1 && path.get(0).equals("sync"))
                && !path.get(0).startsWith("upstream_created")
                && !path.get(0).startsWith("upstream_updated");
    }

    /** Whether a path says that a record is deleted. */
    boolean isDeleted(List<String> path) {
        return path.get(0).equals(isConsume ? "deleted" : "action");
    }

    /** Whether one of these says so. */
    boolean tellDeletion(List<List<String>> paths) {
        return paths.stream().anyMatch(this::isDeleted);
    }

    /** The value there, for a deletion and for another message. */
    Object deletion(boolean isDeletion) {
        return isConsume ? Truth.of(isDeletion) : isDeletion ? "delete" : "update";
    }

    /** How a template says that a record is deleted. */
    String deleted() {
        return isConsume ? ":#deleted" : ":#action = 'delete'";
    }

    /** A path that a template may have meant. */
    String example() {
        return ":#" + data + ".name";
    }

    /** What is wrong with a path, or null. */
    String problem(List<String> path, String text) {
        String root = path.get(0);
        if (text.startsWith(":#\"") && root.contains(".")) {
            return text + " leads nowhere: what stands in quotes is one name, with its dots; did you mean "
                    + likely(root + text.substring(text.indexOf('"', 3) + 1)) + "?";
        }
        if (!roots.contains(root)) {
            return text + " leads nowhere: a " + (isConsume ? "record" : "message") + " has " + String.join(", ", roots)
                    + "; did you mean "
                    + (root.equals("deleted") ? deleted() : likely(text.replaceFirst("^:#", ""))) + "?";
        }
        Set<String> below = BELOW.get(root);
        if (below == null || path.size() < 2 || below.contains(path.get(1))) {
            return null;
        }
        return Nearest.likely(snake(path.get(1)), below)
                .or(() -> below.stream()
                        .filter(name -> name.endsWith("_" + snake(path.get(1))))
                        .findFirst())
                .map(name -> text + " leads nowhere: " + root + " has no " + path.get(1) + "; did you mean :#" + root
                        + "." + name + "?")
                .orElse(null);
    }

    /** Whether a text is a path as a template has it, without {@code :#}. */
    boolean isPath(String text) {
        int dot = text.indexOf('.');
        return dot > 0 && roots.contains(text.substring(0, dot)) && text.matches("\\w+(\\.\\w+)+");
    }

    /** The path that somebody meant by a dotted name, as it is written in a template. */
    String likely(String dotted) {
        List<String> names = new ArrayList<>(Arrays.asList(dotted.split("\\.", -1)));
        if (names.size() > 1
                && (names.get(0).equals("record") || names.get(0).equals(DATA))
                && !roots.contains(names.get(0))) {
            names.remove(0);
        }
        String first = names.get(0);
        String known = roots.contains(first) ? first : nearestRoot(first);
        if (known != null) {
            names.set(0, known);
        } else {
            names.add(0, data);
        }
        return ":#" + String.join(".", names);
    }

    private String nearestRoot(String name) {
        String snake = snake(name);
        // one letter more or less is often another word, such as the data's own
        return Nearest.likely(snake, roots)
                .filter(root -> root.length() > 4
                        || root.equals(snake)
                        || (root.length() > 2 && Nearest.distance(snake, root) == 1))
                .orElse(null);
    }

    /** A name such as {@code updatedAt} in snake case. */
    static String snake(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    }

    /** A path as it is written in a template. */
    static String text(List<String> names, String last) {
        List<String> all = new ArrayList<>(names);
        all.add(last);
        return text(all);
    }

    /** The same. */
    static String text(List<String> names) {
        return names.stream().map(Paths::quoted).collect(Collectors.joining(".", ":#", ""));
    }

    /** A name as it is written in a path. */
    static String quoted(String name) {
        return name.matches("[\\w$]+") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
