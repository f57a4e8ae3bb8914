package io.github.sequinroutes.collection;

import io.github.sequinroutes.template.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the folder {@code collections}. Each is loaded by itself, so that a broken one pauses only its own
 * collections. A file that changes is checked and loaded anew, without a restart; if it is broken now, its routes run on as
 * they were. The routes of a file that is removed are removed, unless an editor writes it again in a moment. Thread-safe.
 */
public final class CollectionFiles {
    /** How the name of a file with routes ends. */
    static final String ENDING = ".camel.yaml";

    private static final Logger LOG = LoggerFactory.getLogger(CollectionFiles.class);

    private final ReentrantLock looking = new ReentrantLock();
    private final String bundle;
    private final FolderLog log;
    private volatile CamelContext context;
    private volatile FolderState folder;
    private volatile RouteLoader loader;
    private volatile ChangeCheck check = ChangeCheck.NONE;
    private final InFlight inFlight = new InFlight();

    /**
     * Files of which nothing is loaded yet.
     *
     * @param bundle the name of the bundle whose collections they are
     * @param silent whether what is wrong is not logged, but will be asked for
     */
    public CollectionFiles(String bundle, boolean silent) {
        this.bundle = bundle;
        log = new FolderLog(silent);
    }

    /** Has what is new or has changed after {@link #load} checked before it is loaded. */
    public void checkWith(ChangeCheck changes) {
        check = changes;
    }

    /** Tells the ID of each route that is removed from now on, and not replaced. */
    public void whenGone(Consumer<String> listener) {
        log.whenGone(listener);
    }

    /** Tells the ID of each collection that is loaded from now on. */
    public void whenLoaded(Consumer<String> listener) {
        log.whenLoaded(listener);
    }

    /**
     * Loads the routes of all files into a started context; what is broken is logged, and never thrown.
     *
     * @param uri the folder, e.g. {@code file:/app/routes/collections} or {@code classpath:routes/collections}
     */
    public void load(CamelContext started, String uri) {
        looking.lock();
        try {
            context = started;
            loader = new RouteLoader(started, bundle, uri);
            FileChecks checks = new FileChecks(log);
            folder = new FolderState(started, new CollectionFolder(started, uri), loader, log, inFlight, checks);
            folder.look(true);
            log.started();
            checks.begin(check);
        } finally {
            looking.unlock();
        }
    }

    /** Removes all that is loaded once nothing is in flight in it. */
    public void unload() throws Exception {
        looking.lock();
        try {
            if (folder != null) {
                folder.unload();
                folder = null;
            }
        } finally {
            looking.unlock();
        }
    }

    /**
     * Loads what has changed and is at rest, and removes what is gone for good. To be called several times a second; never waits for
     * another that does the same.
     */
    public void reloadChanged() {
        if (folder == null || !context.isStarted() || !looking.tryLock()) {
            return;
        }
        try {
            folder.look(true);
        } catch (RuntimeException e) {
            LOG.warn("The files of the collections could not be looked at, it will be tried again", e);
        } finally {
            looking.unlock();
        }
    }

    /** Loads what has changed, now. */
    void look() {
        looking.lock();
        try {
            folder.look(false);
        } finally {
            looking.unlock();
        }
    }

    /**
     * Notes that somebody sends messages to a route. It is not replaced or removed until {@link #leave}.
     *
     * @return whether that is allowed: not if it is just being replaced
     */
    public boolean enter(String route) {
        return inFlight.enter(route);
    }

    /** Notes that the route is done with these messages. */
    public void leave(String route) {
        inFlight.leave(route);
    }

    /**
     * The template of a route that is just being loaded, as it was checked.
     *
     * @param uri where its file is
     * @return null if it must be read
     */
    public Template template(String uri) {
        RouteLoader current = loader;
        return current == null ? null : current.template(uri);
    }

    private FolderView view() {
        FolderState state = folder;
        return state == null ? FolderView.EMPTY : state.view();
    }

    /**
     * What is broken: the collection's ID, or the file's name if that cannot be told, and the problem as
     * {@code file:line:column: text}.
     */
    public Map<String, String> broken() {
        Map<String, String> problems = new TreeMap<>();
        for (CollectionFile file : view().broken()) {
            Set<String> ids = file.collections().isEmpty() ? Set.of(file.name()) : file.collections();
            String problem =
                    file.problem() + (file.complete() ? "" : "; every collection without a route is paused, too");
            ids.forEach(id -> problems.merge(id, problem, (one, other) -> one + "; " + other));
        }
        return problems;
    }

    /**
     * What is wrong with those that run as they were before: the collection's ID, or the file's name if that cannot be told,
     * and the problem as {@code file:line:column: text}.
     */
    public Map<String, String> outdated() {
        Map<String, String> problems = new TreeMap<>();
        for (CollectionFile file : view().outdated()) {
            Set<String> ids = file.collections().isEmpty() ? Set.of(file.name()) : file.collections();
            ids.forEach(id -> problems.merge(id, file.problem(), (one, other) -> one + "; " + other));
        }
        return problems;
    }

    /** The routes of the collections as they are now, once they are loaded. */
    public LoadedRoutes routes() {
        return routes(context);
    }

    /** The routes of the collections as they are now. */
    @SuppressWarnings("ReferenceEquality") // whether anything has been published since, not whether it says the same
    public LoadedRoutes routes(CamelContext current) {
        FolderView before;
        LoadedRoutes routes;
        do { // a route that is replaced is missing for a moment: not unless the view says so
            before = view();
            routes = new LoadedRoutes(current, CollectionRoutes.group(bundle), before);
        } while (before != view());
        return routes;
    }

    /** Where the route of a collection begins, as {@code file:line:column}; null if that is not known. */
    public String placeOf(String collection) {
        return view().places().get(collection);
    }

    /** The files of a collection, its YAML file and the SQL files that this names, if they are on disk. */
    public Set<Path> filesOf(String collection) {
        return view().files().getOrDefault(collection, Set.of());
    }

    /** The collections whose routes write with a template, by the name of its file. */
    public Set<String> writersOf(String template) {
        return view().sinks().stream()
                .filter(sink -> sink.collection() != null
                        && sink.all().stream().anyMatch(one -> one.file().equals(template)))
                .map(SinkTemplates::collection)
                .collect(Collectors.toSet());
    }

    /** What is wrong with each broken file, sorted by file. */
    public List<String> problems() {
        return view().broken().stream().map(CollectionFile::problem).toList();
    }

    /** Files that look as if they were for a collection, and are for none, sorted by file. */
    public List<String> warnings() {
        return view().warnings().stream().sorted().toList();
    }

    /** Whether a file is one with routes, by its name. */
    static boolean isRouteFile(String name) {
        return name.endsWith(ENDING) && name.length() > ENDING.length();
    }
}
