package io.github.sequinroutes.collection;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/** What the folder has and what runs of it. One thread at a time looks; any may ask what the last one has seen. */
final class FolderState {
    /** To move a route, one file is saved before the other. Not longer: messages in flight take the place of others. */
    private static final long MISSING_NANOS = TimeUnit.SECONDS.toNanos(3);
    /** A batch that takes longer is waited for until the next look, and the one after that. */
    private static final long BATCH_MILLIS = 200;

    private final CollectionFolder folder;
    private final RouteLoader loader;
    private final FolderLog log;
    private final InFlight inFlight;
    private final FileChecks checks;
    private final FolderEntries entries;
    private final Conflicts conflicts;
    /** The collections that are being replaced, and the routes of these that nobody may enter. */
    private final Set<String> changing = new HashSet<>();

    private final Set<String> closed = new HashSet<>();
    /** Since when a collection has no route any more, by the monotonic clock. */
    private final Map<String, Long> missing = new HashMap<>();

    private volatile FolderView view = FolderView.EMPTY;

    FolderState(
            CamelContext context,
            CollectionFolder folder,
            RouteLoader loader,
            FolderLog log,
            InFlight inFlight,
            FileChecks checks) {
        this.folder = folder;
        this.log = log;
        this.loader = loader;
        this.inFlight = inFlight;
        this.checks = checks;
        entries = new FolderEntries(context, folder);
        conflicts = new Conflicts(context, loader, entries.all());
    }

    void unload() throws Exception {
        for (FolderEntry entry : entries.all()) {
            entry.stop(loader);
        }
        loader.close();
    }

    FolderView view() {
        return view;
    }

    /**
     * Loads what is new or has changed, and removes what is gone.
     *
     * @param rests whether that must be at rest for a while before, except the first time
     */
    void look(boolean rests) {
        Set<String> names;
        Set<String> warnings;
        try {
            names = folder.names();
            warnings = new TreeSet<>(folder.warningsBeside());
        } catch (IOException e) {
            String problem = folder.location("") + ":1:1: the folder cannot be read (" + SqlFiles.reason(e) + ")";
            log.unreadable(problem);
            if (entries.all().isEmpty()) {
                view = FolderView.unreadable(problem);
            }
            return;
        }
        changing.clear();
        closed.clear();
        Set<FolderEntry> changed = entries.readChanged(names, rests);
        removeGone();
        loadHelpers(changed);
        // what is in each other's way must be known of all before the first is loaded
        load(problems(changed));
        inFlight.openAllBut(closed);
        boolean isBeingWritten = names.removeIf(name -> !entries.isAtRest(name));
        warnings.addAll(StrayFiles.warnings(folder, names, entries.files()));
        if (isBeingWritten) {
            // a file may be there before the route that names it is read, as when both are renamed at once
            warnings.retainAll(view.warnings());
        }
        publish(warnings);
    }

    private void removeGone() {
        for (FolderEntry entry : entries.gone()) {
            Replacement removal = new Replacement(loader, Set.of(), Set.of(entry));
            announce(List.of(removal));
            if (replace(removal) != null && entry.running == null) {
                entries.forget(entry);
                log.gone(entry.file, removal);
            }
        }
    }

    /** Files without a route of a collection may have what the others need, such as a template of the user's. */
    private void loadHelpers(Set<FolderEntry> changed) {
        boolean loaded = false;
        for (FolderEntry entry : entries.all()) {
            if (changed.contains(entry)
                    && entry.file.problem() == null
                    && entry.file.collections().isEmpty()) {
                String problem = conflicts.problem(entry, changed);
                load(Collections.singletonMap(entry, problem));
                changed.remove(entry);
                loaded = true;
            }
        }
        if (loaded) {
            entries.readAgain(changed.stream()
                    .filter(entry -> entry.file.problem() != null)
                    .toList());
        }
    }

    /** What is wrong with each file that is not loaded as it is now; null if nothing is. */
    private Map<FolderEntry, String> problems(Set<FolderEntry> changed) {
        Map<FolderEntry, String> problems = new LinkedHashMap<>();
        for (FolderEntry entry : entries.all()) {
            if (entry.isMissing || !(changed.contains(entry) || entry.problem != null)) {
                continue;
            }
            String problem = entry.file.allProblems();
            problem = problem == null ? conflicts.problem(entry, changed) : problem;
            problem = problem == null ? checks.problem(entry) : problem;
            if (problem == null && entry.running != null && changed.isEmpty()) {
                problem = entry.loadProblem; // what runs is not stopped only to see that nothing is better
            }
            problems.put(entry, problem);
        }
        return problems;
    }

    /** Loads the files that nothing is wrong with; null as a value says so. */
    private void load(Map<FolderEntry, String> found) {
        Map<FolderEntry, String> problems = new LinkedHashMap<>(found);
        List<FolderEntry> good = found.keySet().stream()
                .filter(entry -> found.get(entry) == null)
                .toList();
        Map<Set<FolderEntry>, Replacement> replacements = new LinkedHashMap<>();
        Replacement.groups(good)
                .forEach(group -> replacements.put(group, new Replacement(loader, group, inTheWayOf(group))));
        announce(replacements.values());
        replacements.forEach((group, replacement) -> {
            Map<FolderEntry, String> wrong = replace(replacement);
            if (wrong == null) {
                group.forEach(entry -> entry.isPending = true);
                problems.keySet().removeAll(group);
            } else {
                problems.putAll(wrong);
            }
        });
        problems.forEach((entry, problem) -> {
            String before = entry.problem;
            entry.problem = problem;
            Set<String> elsewhere = entry.runningElsewhere(entries.all());
            log.settled(entry, entry.file.without(elsewhere).collections(), before);
        });
    }

    /** A file may have got another name: what is left of the old one makes room. */
    private Set<FolderEntry> inTheWayOf(Set<FolderEntry> group) {
        Set<FolderEntry> left = new LinkedHashSet<>();
        for (FolderEntry other : entries.all()) {
            if (other.isMissing && group.stream().anyMatch(entry -> Replacement.overlap(other, entry))) {
                left.add(other);
            }
        }
        return left;
    }

    /** Has the messages wait of all that is to be replaced. */
    private void announce(Collection<Replacement> replacements) {
        replacements.forEach(replacement -> changing.addAll(replacement.collections()));
        if (!replacements.isEmpty()) {
            publish(view.warnings());
        }
    }

    /** Returns what is wrong, by file, or null if a batch in flight must end first. */
    private Map<FolderEntry, String> replace(Replacement replacement) {
        Map<FolderEntry, String> problems = replacement.read();
        if (problems.isEmpty()) {
            if (!inFlight.close(replacement.formerRoutes(), BATCH_MILLIS)) {
                closed.addAll(replacement.formerRoutes());
                return null;
            }
            problems = replacement.run();
            replacement.collections().forEach(id -> missing.put(id, System.nanoTime()));
            Set<String> gone = new HashSet<>(replacement.formerRoutes());
            entries.all().forEach(entry -> gone.removeAll(entry.routeIds));
            gone.forEach(log::routeIsGone);
        }
        changing.removeAll(replacement.collections());
        return problems;
    }

    private void publish(Set<String> warnings) {
        Collection<FolderEntry> all = entries.all();
        missing.keySet().removeAll(FolderView.running(all));
        Set<String> late = new HashSet<>(missing.keySet());
        missing.values().removeIf(since -> System.nanoTime() - since > MISSING_NANOS);
        Set<String> forsaken = new TreeSet<>(late);
        forsaken.removeAll(missing.keySet());
        late.removeAll(forsaken);
        late.addAll(changing);
        log.warn(warnings);
        view = FolderView.of(folder, all, late, warnings);
        if (!view.anyWaiting()) {
            forsaken.removeAll(view.waiting());
            forsaken.forEach(log::withoutRoute);
        }
    }
}
