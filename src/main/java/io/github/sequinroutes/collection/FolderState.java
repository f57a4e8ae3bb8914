package io.github.sequinroutes.collection;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;

/** What the folder has and what runs of it. One thread at a time looks; any may ask what the last one has seen. */
final class FolderState {
    /** To save a file, an editor or a tool may remove it first. */
    private static final long GONE_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** To move a route, one file is saved before the other. Not longer: messages in flight take the place of others. */
    private static final long MISSING_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final String ANY = "*";

    private final CamelContext context;
    private final CollectionFolder folder;
    private final RouteLoader loader;
    private final FolderLog log;
    private final Map<String, FolderEntry> entries = new TreeMap<>();
    private final Conflicts conflicts;
    private final Set<String> changing = new HashSet<>();
    /** Since when a collection has no route any more, by the monotonic clock. */
    private final Map<String, Long> missing = new HashMap<>();

    private volatile FolderView view = FolderView.EMPTY;

    FolderState(CamelContext context, CollectionFolder folder, RouteLoader loader, FolderLog log) {
        this.context = context;
        this.folder = folder;
        this.log = log;
        this.loader = loader;
        conflicts = new Conflicts(context, loader, entries.values());
    }

    void unload() throws Exception {
        for (FolderEntry entry : entries.values()) {
            remove(entry);
        }
        loader.close();
    }

    FolderView view() {
        return view;
    }

    /** Loads what is new or has changed. */
    void look() {
        Set<String> names;
        Set<String> warnings;
        try {
            names = folder.names();
            warnings = new TreeSet<>(folder.warningsBeside());
        } catch (IOException e) {
            String problem = folder.location("") + ":1:1: the folder cannot be read (" + SqlFiles.reason(e) + ")";
            log.unreadable(problem);
            if (entries.isEmpty()) {
                view = FolderView.unreadable(problem);
            }
            return;
        }
        Set<FolderEntry> changed = new LinkedHashSet<>();
        for (String name : names) {
            if (CollectionFiles.isRouteFile(name)) {
                FolderEntry entry = entries.computeIfAbsent(name, any -> new FolderEntry(context, folder, name));
                entry.goneAt = null;
                if (entry.readIfChanged()) {
                    changed.add(entry);
                }
            }
        }
        noteGone(names);
        loadHelpers(changed);
        // what is in each other's way must be known of all before the first is loaded
        Map<FolderEntry, String> problems = new LinkedHashMap<>();
        for (FolderEntry entry : entries.values()) {
            if (entry.goneAt == null && (changed.contains(entry) || entry.problem != null)) {
                String problem = entry.file.problem();
                problems.put(entry, problem == null ? conflicts.problem(entry, changed) : problem);
            }
        }
        settle(problems);
        warnings.addAll(StrayFiles.warnings(folder, names, files()));
        publish(warnings);
    }

    /** Files without a route of a collection may have what the others need, such as a template of the user's. */
    private void loadHelpers(Set<FolderEntry> changed) {
        boolean loaded = false;
        for (FolderEntry entry : entries.values()) {
            if (changed.contains(entry)
                    && entry.file.problem() == null
                    && entry.file.collections().isEmpty()) {
                String problem = conflicts.problem(entry, changed);
                settle(Collections.singletonMap(entry, problem));
                changed.remove(entry);
                loaded = true;
            }
        }
        if (loaded) {
            changed.stream().filter(entry -> entry.file.problem() != null).forEach(FolderEntry::read);
        }
    }

    private void noteGone(Set<String> names) {
        long now = System.nanoTime();
        for (FolderEntry entry : entries.values()) {
            if (!names.contains(entry.file.name()) && entry.goneAt == null) {
                entry.goneAt = now;
            }
        }
        entries.values()
                .removeIf(entry -> entry.goneAt != null && entry.running == null && now - entry.goneAt > GONE_NANOS);
        entries.values().stream()
                .filter(entry -> entry.goneAt != null && now - entry.goneAt > GONE_NANOS)
                .forEach(entry -> log.gone(entry.file));
    }

    private Collection<CollectionFile> files() {
        return entries.values().stream().map(entry -> entry.file).toList();
    }

    /** Loads the files that nothing is wrong with; null as a value says so. */
    private void settle(Map<FolderEntry, String> found) {
        Map<FolderEntry, String> problems = new LinkedHashMap<>(found);
        replace(problems);
        problems.forEach((entry, problem) -> {
            String before = entry.problem;
            entry.problem = problem;
            log.settled(entry, entry.file.without(runningElsewhere(entry)).collections(), before);
        });
    }

    /** The collections that other files run. */
    private Set<String> runningElsewhere(FolderEntry entry) {
        Set<String> running = new HashSet<>();
        for (FolderEntry other : entries.values()) {
            if (other != entry && other.running != null) {
                running.addAll(other.running.collections());
            }
        }
        return running;
    }

    /** Replaces what runs of files, all at once: a route may move from one to another. Notes what is wrong with each. */
    private void replace(Map<FolderEntry, String> problems) {
        Map<FolderEntry, Collection<RoutesBuilder>> read = new LinkedHashMap<>();
        problems.replaceAll((entry, problem) -> problem != null
                ? problem
                : attempt(entry, () -> {
                    read.put(entry, loader.read(entry.file));
                }));
        for (FolderEntry entry : read.keySet()) {
            changing.addAll(entry.file.collections());
            if (entry.running != null) {
                changing.addAll(entry.running.collections());
            }
        }
        publish(view.warnings());
        for (FolderEntry entry : read.keySet()) {
            problems.put(entry, attempt(entry, () -> {
                remove(entry);
                removeThoseThatAreGone(entry.file);
            }));
        }
        read.forEach((entry, builders) -> problems.computeIfAbsent(
                entry,
                any -> attempt(entry, () -> {
                    entry.routeIds = loader.add(builders);
                    entry.running = entry.file;
                })));
        changing.clear();
    }

    private interface Step {
        void take() throws Exception;
    }

    /** What is wrong with a file, if a step fails, or null. */
    private static String attempt(FolderEntry entry, Step step) {
        try {
            step.take();
            return null;
        } catch (Exception | LinkageError e) {
            return RouteLoader.problem(entry.file, e);
        }
    }

    private void remove(FolderEntry entry) throws Exception {
        if (entry.running == null) {
            return;
        }
        loader.remove(entry.routeIds);
        entry.running.collections().forEach(id -> missing.put(id, System.nanoTime()));
        entry.routeIds = Set.of();
        entry.running = null;
    }

    /** The file may have got another name: what is left of the old one makes room. */
    private void removeThoseThatAreGone(CollectionFile file) throws Exception {
        Set<String> ids = new HashSet<>();
        file.routes().forEach(route -> ids.add(loader.idOf(route.id())));
        for (FolderEntry other : List.copyOf(entries.values())) {
            boolean inTheWay = other.running != null
                    && (other.routeIds.stream().anyMatch(ids::contains)
                            || other.running.collections().stream().anyMatch(file.collections()::contains));
            if (other.goneAt != null && inTheWay) {
                remove(other);
            }
        }
    }

    private void publish(Set<String> warnings) {
        List<CollectionFile> broken = new ArrayList<>();
        Set<String> waiting = new HashSet<>();
        Set<String> running = new HashSet<>();
        Map<String, Set<Path>> paths = new TreeMap<>();
        boolean anyWaiting = false;
        for (FolderEntry entry : entries.values()) {
            Set<Path> files = new LinkedHashSet<>(folder.paths(entry.file.files()));
            entry.file.collections().forEach(id -> paths.put(id, files));
            if (entry.isPaused()) {
                broken.add(entry.file.withProblem(entry.problem).without(runningElsewhere(entry)));
                waiting.addAll(entry.file.collections());
                anyWaiting |= !entry.file.complete() || entry.file.collections().contains(ANY);
            } else if (entry.running != null) {
                running.addAll(entry.running.collections());
            }
        }
        waiting.removeAll(running);
        missing.keySet().removeAll(running);
        missing.values().removeIf(since -> System.nanoTime() - since > MISSING_NANOS);
        waiting.addAll(missing.keySet());
        waiting.addAll(changing);
        anyWaiting |= changing.contains(ANY) || missing.containsKey(ANY);
        log.warn(warnings);
        view = new FolderView(
                List.copyOf(broken), Set.copyOf(waiting), anyWaiting, Map.copyOf(paths), Set.copyOf(warnings));
    }
}
