package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFolder.Stamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;

/** A file of the folder: what it says, what runs of it, and what is wrong. Used by one thread at a time. */
final class FolderEntry {
    private final CamelContext context;
    private final CollectionFolder folder;
    private final String name;
    private Map<String, Stamp> stamps = new HashMap<>();

    /** As it was read last; null until it is read. */
    CollectionFile file;
    /** As it runs, or null: a file that is broken now may run as it was before. */
    CollectionFile running;
    /** The routes that run of it. */
    Set<String> routeIds = Set.of();
    /** What is wrong with it, or null. */
    String problem;
    /** What Camel has found wrong with it as it is, so that what runs is not replaced in vain; or null. */
    String loadProblem;
    /** Whether it has been checked as it was read last. */
    boolean isChecked;
    /** What the check has found wrong with it, or null. */
    String checkProblem;
    /** When that was, by the monotonic clock. */
    long checkedAt;
    /** Whether it is not there any more. */
    boolean isMissing;
    /** Whether it has been read, and waits for a batch that is in flight in what it replaces. */
    boolean isPending;

    FolderEntry(CamelContext context, CollectionFolder folder, String name) {
        this.context = context;
        this.folder = folder;
        this.name = name;
    }

    /** Its name, and those of the files that it names. */
    Set<String> files() {
        return stamps.keySet();
    }

    /** Reads the file if it, or one that it names, has changed since, and none of them is being written. */
    boolean readIfChanged(FolderStamps now) {
        boolean isKnown = stamps.entrySet().stream().allMatch(e -> Objects.equals(e.getValue(), now.of(e.getKey())));
        if ((file != null && isKnown)
                || !now.isAtRest(name)
                || !files().stream().allMatch(now::isAtRest)) {
            return false;
        }
        CollectionFile read = CollectionFileReader.read(context, folder, name);
        if (!read.files().stream().allMatch(each -> now.isAtRest(each) && now.isCurrent(each))) {
            return false; // it names another file now, or somebody has just begun to write
        }
        if (isRunningAs(read)) {
            note(read, now);
            return false; // the same was written anew
        }
        accept(read, now);
        return true;
    }

    /** Reads it again, because what other files have, such as a template, has changed. */
    void read(FolderStamps now) {
        accept(CollectionFileReader.read(context, folder, name), now);
    }

    private boolean isRunningAs(CollectionFile read) {
        return running != null && running.equals(file) && problem == null && running.saysTheSame(read);
    }

    private void note(CollectionFile read, FolderStamps now) {
        stamps = new HashMap<>();
        read.files().forEach(each -> stamps.put(each, now.of(each)));
    }

    private void accept(CollectionFile read, FolderStamps now) {
        note(read, now);
        file = read;
        loadProblem = null;
        isChecked = false;
    }

    /** Adds and starts the routes of a file, of which it runs from now on. */
    void start(RouteLoader loader, CollectionFile started, Collection<RoutesBuilder> builders) throws Exception {
        routeIds = loader.add(builders, started);
        running = started;
    }

    /** Stops and removes what runs of it. */
    void stop(RouteLoader loader) throws Exception {
        if (running != null) {
            loader.remove(routeIds);
            routeIds = Set.of();
            running = null;
        }
    }

    /** Whether its collections must wait. */
    boolean isPaused() {
        return problem != null && running == null;
    }

    /** What no other file may have as well, of what it says and of what runs. */
    Set<String> claims() {
        Set<String> claims = new HashSet<>(file.claims());
        if (running != null) {
            claims.addAll(running.claims());
        }
        return claims;
    }

    /** The collections that others of these files run. */
    Set<String> runningElsewhere(Collection<FolderEntry> entries) {
        Set<String> elsewhere = new HashSet<>();
        for (FolderEntry other : entries) {
            if (other != this && other.running != null) {
                elsewhere.addAll(other.running.collections());
            }
        }
        return elsewhere;
    }
}
