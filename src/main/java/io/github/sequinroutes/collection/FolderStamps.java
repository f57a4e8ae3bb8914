package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFolder.Stamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What each file is, and since when: one that has just changed may still be being written, and one that is gone may come
 * back, because editors remove a file before they write it anew. Used by one thread at a time.
 */
final class FolderStamps {
    /** What is saved in two goes, as some editors do, is read once: both come within this time. */
    static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private static final long GONE_NANOS = TimeUnit.MILLISECONDS.toNanos(900);

    private final CollectionFolder folder;
    private final Map<String, Seen> files = new HashMap<>();
    /** Not only those of the folder: a file may name others. */
    private final Set<String> asked = new HashSet<>();

    private boolean isFirst = true;
    private boolean needsRest;

    private record Seen(Stamp stamp, long since) {}

    FolderStamps(CollectionFolder folder) {
        this.folder = folder;
    }

    /**
     * Looks at these files.
     *
     * @param rests whether what has changed must rest before it is read; never the first time, when all is new
     */
    void look(Collection<String> names, boolean rests) {
        needsRest = rests && !isFirst;
        isFirst = false;
        Set<String> wanted = new HashSet<>(names);
        wanted.addAll(asked);
        asked.clear();
        files.keySet().retainAll(wanted);
        wanted.forEach(this::see);
    }

    private Seen see(String name) {
        Stamp stamp = folder.stamp(name);
        return files.compute(
                name,
                (any, last) ->
                        last != null && Objects.equals(last.stamp, stamp) ? last : new Seen(stamp, System.nanoTime()));
    }

    private Seen seen(String name) {
        asked.add(name);
        Seen seen = files.get(name);
        return seen == null ? see(name) : seen;
    }

    /** What a file is, or null if it is not there. */
    Stamp of(String name) {
        return seen(name).stamp;
    }

    /** Whether a file has been as it is, or has not been there, for long enough. */
    boolean isAtRest(String name) {
        Seen seen = seen(name);
        long rest = seen.stamp == null ? GONE_NANOS : REST_NANOS;
        return !needsRest || System.nanoTime() - seen.since >= rest;
    }

    /** Whether a file is still what it was when it was looked at. */
    boolean isCurrent(String name) {
        return Objects.equals(of(name), folder.stamp(name));
    }
}
