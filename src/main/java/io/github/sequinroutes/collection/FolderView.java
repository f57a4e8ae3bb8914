package io.github.sequinroutes.collection;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to be known of the folder from other threads: does not change.
 *
 * @param broken   the files that do not run, each with its problem, by name
 * @param outdated    the files that run as they were before, each with the problem that it has now, by name
 * @param waiting     the IDs of the collections whose messages are left unacked
 * @param anyWaiting  whether those of every collection without a route are, too
 * @param files    the files of each collection
 * @param places   where the route of each collection begins
 * @param sinks    what the routes that run write
 * @param warnings about files that are not used
 */
record FolderView(
        List<CollectionFile> broken,
        List<CollectionFile> outdated,
        Set<String> waiting,
        boolean anyWaiting,
        Map<String, Set<Path>> files,
        Map<String, String> places,
        List<SinkTemplates> sinks,
        Set<String> warnings) {
    static final FolderView EMPTY =
            new FolderView(List.of(), List.of(), Set.of(), false, Map.of(), Map.of(), List.of(), Set.of());
    static final String ANY = "*";

    /** Of a folder that cannot be read: any collection may have a file there. */
    static FolderView unreadable(String problem) {
        CollectionFile any = new CollectionFile(
                "collections",
                "",
                "",
                List.of(),
                Set.of(),
                Map.of(),
                List.of(),
                false,
                List.of(PlacedText.read(problem, "collections")));
        return new FolderView(List.of(any), List.of(), Set.of(), true, Map.of(), Map.of(), List.of(), Set.of());
    }

    /**
     * Of the files that there are.
     *
     * @param late collections without a route that may have one in a moment
     */
    static FolderView of(
            CollectionFolder folder, Collection<FolderEntry> entries, Set<String> late, Set<String> warnings) {
        List<CollectionFile> broken = new ArrayList<>();
        List<CollectionFile> outdated = new ArrayList<>();
        Set<String> waiting = new HashSet<>();
        Map<String, Set<Path>> paths = new TreeMap<>();
        Map<String, String> places = new TreeMap<>();
        boolean anyWaiting = late.contains(ANY);
        for (FolderEntry entry : entries) {
            Set<Path> files = new LinkedHashSet<>(folder.paths(entry.file.files()));
            entry.file.collections().forEach(id -> paths.put(id, files));
            for (CollectionFile.Route route : entry.file.routes()) {
                if (route.collection() != null) {
                    places.put(route.collection(), route.place());
                }
            }
            if (entry.problem == null) {
                continue;
            }
            CollectionFile own = entry.file.withProblem(entry.problem).without(entry.runningElsewhere(entries));
            if (entry.isPaused()) {
                broken.add(own);
                waiting.addAll(entry.file.collections());
                anyWaiting |= !entry.file.complete() || entry.file.collections().contains(ANY);
            } else {
                outdated.add(own);
            }
        }
        waiting.removeAll(running(entries));
        waiting.addAll(late);
        return new FolderView(
                List.copyOf(broken),
                List.copyOf(outdated),
                Set.copyOf(waiting),
                anyWaiting,
                Map.copyOf(paths),
                Map.copyOf(places),
                entries.stream()
                        .filter(entry -> entry.running != null)
                        .flatMap(entry -> entry.running.sinks().stream())
                        .toList(),
                Set.copyOf(warnings));
    }

    /** The collections that run. */
    static Set<String> running(Collection<FolderEntry> entries) {
        Set<String> running = new HashSet<>();
        entries.stream()
                .filter(entry -> entry.running != null)
                .forEach(entry -> running.addAll(entry.running.collections()));
        return running;
    }
}
