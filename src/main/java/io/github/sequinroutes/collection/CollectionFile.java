package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A file with routes of collections, as it was read.
 *
 * @param name       the file's name in its folder
 * @param location   its path, as it stands in messages
 * @param text       what it says, or nothing if it cannot be read
 * @param routes     the routes it has
 * @param sqlFiles   the SQL files that it names
 * @param templates  their templates by name, as far as routes of collections write with them
 * @param sinks      what these routes write
 * @param complete   whether these are all: a file that cannot be parsed may have others
 * @param problems   what is wrong or doubtful, in it or in the SQL files that it names, in the order of places
 */
record CollectionFile(
        String name,
        String location,
        String text,
        List<Route> routes,
        Set<String> sqlFiles,
        Map<String, Template> templates,
        List<SinkTemplates> sinks,
        boolean complete,
        List<Problem> problems) {

    /**
     * A route in it.
     *
     * @param collection the collection ID, or null if it is no route of a collection, or not said which
     * @param id         the route's ID, or null if Camel shall give it one
     * @param place      where it stands, as {@code file:line:column}
     * @param collectionPlace where it says of which collection it is, or else where it stands
     * @param idPlace    where it says what its ID is, or else where it stands
     */
    record Route(String collection, String id, String place, String collectionPlace, String idPlace) {}

    /** The first thing that is wrong, as {@code file:line:column: text}, or null. */
    String problem() {
        return problems.stream()
                .filter(problem -> !problem.isWarning())
                .findFirst()
                .map(Problem::toString)
                .orElse(null);
    }

    /** All that is wrong, as in a line of the log, or null. */
    String allProblems() {
        String all = problems.stream()
                .filter(problem -> !problem.isWarning())
                .map(Problem::toString)
                .distinct()
                .collect(Collectors.joining("; "));
        return all.isEmpty() ? null : all;
    }

    /** The IDs of its collections, as far as they can be told. */
    Set<String> collections() {
        return routes.stream()
                .map(Route::collection)
                .filter(id -> id != null)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What no other file may have as well: its collections, and the IDs of its routes. */
    Set<String> claims() {
        Set<String> claims = new TreeSet<>();
        collections().forEach(id -> claims.add("collection " + id));
        routes.stream().filter(route -> route.id() != null).forEach(route -> claims.add("route " + route.id()));
        return claims;
    }

    /** The same file with this problem as the first. */
    CollectionFile withProblem(String other) {
        List<Problem> all = new ArrayList<>(problems);
        Problem first = PlacedText.read(other, location);
        all.remove(first);
        all.add(0, first);
        return new CollectionFile(name, location, text, routes, sqlFiles, templates, sinks, complete, all);
    }

    /** The same file without its routes of these collections. */
    CollectionFile without(Set<String> collections) {
        List<Route> others = routes.stream()
                .filter(route -> route.collection() == null || !collections.contains(route.collection()))
                .toList();
        return new CollectionFile(name, location, text, others, sqlFiles, templates, sinks, complete, problems);
    }

    /**
     * Whether it says the same as another reading of it, the files that it names included; not if one of these is no template,
     * whose text is not known here.
     */
    boolean saysTheSame(CollectionFile other) {
        return text.equals(other.text)
                && problems.equals(other.problems)
                && templates.keySet().equals(other.templates.keySet())
                && templates.keySet().containsAll(sqlFiles)
                && templates.entrySet().stream().allMatch(one -> one.getValue()
                        .text()
                        .equals(other.templates.get(one.getKey()).text()));
    }

    /** The files that it is made of: itself and those that it names. */
    Set<String> files() {
        TreeSet<String> files = new TreeSet<>(sqlFiles);
        files.add(name);
        return files;
    }
}
