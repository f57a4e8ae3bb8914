package io.github.sequinroutes.collection;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;

/** The files with routes that the folder has, or had until a moment ago. Used by one thread at a time. */
final class FolderEntries {
    private final CamelContext context;
    private final CollectionFolder folder;
    private final FolderStamps stamps;
    private final Map<String, FolderEntry> entries = new TreeMap<>();

    FolderEntries(CamelContext context, CollectionFolder folder) {
        this.context = context;
        this.folder = folder;
        stamps = new FolderStamps(folder);
    }

    /** All of them, by name. */
    Collection<FolderEntry> all() {
        return entries.values();
    }

    /** As they were read last, and as they run. */
    List<CollectionFile> files() {
        return entries.values().stream()
                .flatMap(entry -> Stream.of(entry.file, entry.running))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /**
     * Reads what is new or has changed, and returns it, with what has been read before and is still to be loaded.
     *
     * @param names what the folder has now
     * @param rests whether a file must be at rest before it is read
     */
    Set<FolderEntry> readChanged(Set<String> names, boolean rests) {
        Set<String> seen = new TreeSet<>(names);
        entries.values().forEach(entry -> seen.addAll(entry.files()));
        stamps.look(seen, rests);
        Set<FolderEntry> changed = new LinkedHashSet<>();
        for (String name : names) {
            if (CollectionFiles.isRouteFile(name)) {
                FolderEntry known = entries.get(name);
                FolderEntry entry = known == null ? new FolderEntry(context, folder, name) : known;
                if (entry.readIfChanged(stamps) || entry.isPending) {
                    entry.isPending = false;
                    changed.add(entry);
                    entries.put(name, entry);
                }
            }
        }
        entries.forEach((name, entry) -> entry.isMissing = !names.contains(name));
        return changed;
    }

    /** Reads files again, because what others have, such as a template, has changed. */
    void readAgain(Collection<FolderEntry> some) {
        some.forEach(entry -> entry.read(stamps));
    }

    /** Those that have not been there for so long that nobody is likely to be writing them anew. */
    List<FolderEntry> gone() {
        return entries.values().stream()
                .filter(entry -> entry.isMissing && stamps.isAtRest(entry.file.name()))
                .toList();
    }

    void forget(FolderEntry entry) {
        entries.remove(entry.file.name());
    }

    /** Whether nobody is writing a file. */
    boolean isAtRest(String name) {
        return stamps.isAtRest(name);
    }
}
