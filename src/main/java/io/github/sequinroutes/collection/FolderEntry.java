package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFolder.Stamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;

/** A file of the folder: what it says, what runs of it, and what is wrong. Used by one thread at a time. */
final class FolderEntry {
    private final CamelContext context;
    private final CollectionFolder folder;
    private final String name;
    private Map<String, Stamp> stamps;

    /** As it was read last. */
    CollectionFile file;
    /** As it runs, or null: a file that is broken now may run as it was before. */
    CollectionFile running;
    /** The routes that run of it. */
    Set<String> routeIds = Set.of();
    /** What is wrong with it, or null. */
    String problem;
    /** Since when it is not there any more, by the monotonic clock, or null. */
    Long goneAt;

    FolderEntry(CamelContext context, CollectionFolder folder, String name) {
        this.context = context;
        this.folder = folder;
        this.name = name;
    }

    /** Reads the file if it, or one that it names, has changed since. */
    boolean readIfChanged() {
        if (file != null
                && stamps.entrySet().stream().allMatch(e -> Objects.equals(e.getValue(), stampOf(e.getKey())))) {
            return false;
        }
        read();
        return true;
    }

    void read() {
        stamps = new HashMap<>();
        stamps.put(name, stampOf(name));
        CollectionFileReader.read(context, folder, name)
                .files()
                .forEach(each -> stamps.putIfAbsent(each, stampOf(each)));
        // again: what was written before the stamps were taken must not be missed
        file = CollectionFileReader.read(context, folder, name);
    }

    private Stamp stampOf(String each) {
        return folder.stamp(each);
    }

    /** Whether its collections must wait. */
    boolean isPaused() {
        return problem != null && running == null;
    }
}
