package io.github.sequinroutes.collection;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.RoutesBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces what runs of files that belong together, because a route may have moved from one to another: all of it, or
 * nothing. Used by one thread.
 */
final class Replacement {
    private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

    private final RouteLoader loader;
    private final Set<FolderEntry> loaded;
    private final Map<FolderEntry, Collection<RoutesBuilder>> builders = new LinkedHashMap<>();
    /** What runs of the files that are loaded or removed, as it was before. */
    private final Map<FolderEntry, CollectionFile> former = new LinkedHashMap<>();

    private final Set<String> formerRoutes = new HashSet<>();
    private final Set<FolderEntry> started = new LinkedHashSet<>();

    /**
     * Nothing is replaced yet.
     *
     * @param loaded  the files to be loaded
     * @param removed those whose routes are to be removed without being loaded
     */
    Replacement(RouteLoader loader, Set<FolderEntry> loaded, Set<FolderEntry> removed) {
        this.loader = loader;
        this.loaded = loaded;
        Set<FolderEntry> all = new LinkedHashSet<>(loaded);
        all.addAll(removed);
        for (FolderEntry entry : all) {
            if (entry.running != null) {
                former.put(entry, entry.running);
                formerRoutes.addAll(entry.routeIds);
            }
        }
    }

    /** The files to be loaded in groups, each of files that claim the same collection or route, now or before. */
    static Set<Set<FolderEntry>> groups(Collection<FolderEntry> entries) {
        Map<String, FolderEntry> byClaim = new HashMap<>();
        Map<FolderEntry, Set<FolderEntry>> groups = new LinkedHashMap<>();
        for (FolderEntry entry : entries) {
            Set<FolderEntry> group = new LinkedHashSet<>();
            for (String claim : entry.claims()) {
                FolderEntry other = byClaim.put(claim, entry);
                group.addAll(other == null ? Set.of() : groups.get(other));
            }
            group.add(entry);
            group.forEach(member -> groups.put(member, group));
        }
        return new LinkedHashSet<>(groups.values());
    }

    /** Whether two files claim the same collection or route. */
    static boolean overlap(FolderEntry one, FolderEntry other) {
        return one.claims().stream().anyMatch(other.claims()::contains);
    }

    /** The routes that make room. */
    Set<String> formerRoutes() {
        return formerRoutes;
    }

    /** The collections that have no route for a moment, or for ever. */
    Set<String> collections() {
        Set<String> collections = new HashSet<>();
        loaded.forEach(entry -> collections.addAll(entry.file.collections()));
        former.values().forEach(file -> collections.addAll(file.collections()));
        return collections;
    }

    /** Has Camel read the files, while all runs on. Returns what is wrong, by file: empty if nothing is. */
    Map<FolderEntry, String> read() {
        for (FolderEntry entry : loaded) {
            try {
                builders.put(entry, loader.read(entry.file));
            } catch (Exception | LinkageError e) {
                return problems(entry, e);
            }
        }
        return Map.of();
    }

    /** Replaces the routes. Returns what is wrong, by file: then all runs as before. */
    Map<FolderEntry, String> run() {
        FolderEntry current = null;
        try {
            for (FolderEntry entry : former.keySet()) {
                current = entry;
                entry.stop(loader);
            }
            for (FolderEntry entry : loaded) {
                current = entry;
                entry.start(loader, entry.file, builders.get(entry));
                started.add(entry);
            }
            return Map.of();
        } catch (Exception | LinkageError e) {
            Map<FolderEntry, String> problems = problems(current, e);
            restore();
            return problems;
        }
    }

    private Map<FolderEntry, String> problems(FolderEntry wrong, Throwable failure) {
        Map<FolderEntry, String> problems = new LinkedHashMap<>();
        String problem = RouteLoader.problem(wrong.file, failure);
        loaded.forEach(entry -> problems.put(entry, problem));
        problems.keySet().forEach(entry -> entry.loadProblem = problem);
        return problems;
    }

    private void restore() {
        for (FolderEntry entry : started) {
            try {
                entry.stop(loader);
            } catch (Exception e) {
                LOG.debug("What has been loaded cannot be removed", e);
            }
        }
        former.forEach((entry, file) -> {
            try {
                if (entry.running == null) {
                    entry.start(loader, file, loader.read(file));
                }
            } catch (Exception | LinkageError e) {
                LOG.error("The route of {} cannot be started again as it was before", file.location(), e);
            }
        });
    }
}
