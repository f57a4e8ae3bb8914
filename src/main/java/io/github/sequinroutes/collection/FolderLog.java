package io.github.sequinroutes.collection;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once what has become of the files. Used by one thread at a time. */
final class FolderLog {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionFiles.class);

    /** At start there may be many, and a process of its own names them in one line. */
    private static final Logger START = LoggerFactory.getLogger("io.github.sequinroutes.collection.Start");

    private final boolean silent;
    private final Set<String> said = new HashSet<>();
    /** The collections whose route has gone with its file, which is said at once. */
    private final Set<String> goneWithFile = new HashSet<>();

    private volatile boolean starting = true;
    private volatile Consumer<String> whenLoaded = id -> {};
    private volatile Consumer<String> whenGone = route -> {};

    FolderLog(boolean silent) {
        this.silent = silent;
    }

    /** Is told the ID of each collection that is loaded. */
    void whenLoaded(Consumer<String> listener) {
        whenLoaded = whenLoaded.andThen(listener);
    }

    /** Is told the ID of each route that is removed and not replaced. */
    void whenGone(Consumer<String> listener) {
        whenGone = listener;
    }

    /** What is loaded from now on is news. */
    void started() {
        starting = false;
    }

    void routeIsGone(String route) {
        whenGone.accept(route);
    }

    /**
     * The file runs, or it is broken.
     *
     * @param collections those that no other file runs
     * @param before      what was wrong with it until now, or null
     */
    void settled(FolderEntry entry, Set<String> collections, String before) {
        String what = collections.isEmpty()
                ? "The file " + entry.file.name()
                : "Collection " + String.join(", ", collections);
        if (entry.problem == null) {
            if (!silent && !entry.file.collections().isEmpty()) {
                (starting ? START : LOG).info("{} is loaded from {}.", what, entry.file.location());
            }
            goneWithFile.removeAll(entry.file.collections());
            entry.file.collections().forEach(whenLoaded);
        } else if (!silent && !entry.problem.equals(before)) {
            if (entry.running != null) {
                LOG.error(
                        "{} runs on as it was before, until its files or its table are fixed: {}", what, entry.problem);
            } else {
                LOG.error(
                        entry.file.complete()
                                ? "{} is paused until its files or its table are fixed: {}"
                                : "{} is paused until its files or its table are fixed, and so is every collection without a route: {}",
                        what,
                        entry.problem);
            }
        }
    }

    /** The file is not there any more, and what ran of it has been stopped. */
    void gone(CollectionFile file, Replacement removal) {
        if (silent || removal.formerRoutes().isEmpty()) {
            return;
        }
        goneWithFile.addAll(removal.collections());
        if (removal.collections().isEmpty()) {
            LOG.warn("The file {} is gone, and its routes have been stopped.", file.location());
        } else {
            LOG.warn(
                    "The file {} is gone, and the route of {} has been stopped: its messages are now those of a collection "
                            + "without a route.",
                    file.location(),
                    String.join(", ", removal.collections()));
        }
    }

    /** No file has had a route of this collection for a while, as when its ID in a file has become another. */
    void withoutRoute(String collection) {
        if (!goneWithFile.remove(collection) && !silent) {
            LOG.warn(
                    "Collection {} has no route any more: its messages are now those of a collection without a route, and "
                            + "become dead letters unless sequin.ignore names it.",
                    collection);
        }
    }

    void unreadable(String problem) {
        if (said.add(problem) && !silent) {
            LOG.error("Messages of collections without a route stay unacked until this is fixed: {}", problem);
        }
    }

    void warn(Set<String> warnings) {
        for (String warning : warnings) {
            if (said.add(warning) && !silent) {
                LOG.warn("{}", warning);
            }
        }
    }
}
