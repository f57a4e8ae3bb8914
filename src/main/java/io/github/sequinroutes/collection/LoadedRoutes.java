package io.github.sequinroutes.collection;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;

/** The routes of the collections at one moment, and which collections had to wait then. Thread-safe. */
public final class LoadedRoutes {
    private static final String ANY = "*";

    private final Map<String, Route> routes = new HashMap<>();
    private final FolderView view;

    /** Not with a context as a bean's parameter: Camel may fill in that of another application in the same JVM. */
    LoadedRoutes(CamelContext context, String group, FolderView view) {
        for (Route route : context.getRoutesByGroup(group)) {
            routes.put(CollectionRoutes.collectionOf(route), route);
        }
        this.view = view;
    }

    /** The IDs of the collections that have a route of their own, with {@code *} if there is one for any. */
    public Set<String> collections() {
        return Set.copyOf(routes.keySet());
    }

    /** Whether a collection has a route of its own, or a file with one that does not run. */
    public boolean hasOwn(String collection) {
        return routes.containsKey(collection) || view.waiting().contains(collection);
    }

    /** The route for a collection, its own or that for any, or null. A collection ID is only ever compared. */
    public Route of(String collection) {
        Route own = routes.get(collection);
        return own == null ? routes.get(ANY) : own;
    }

    /**
     * Whether messages of a collection must wait: its file is broken or is being loaded just now, or it has no route of its
     * own and this is so with that for any, or with a file that does not say for which collection it is.
     */
    public boolean mustWait(String collection) {
        return collection != null
                && (view.waiting().contains(collection)
                        || (!routes.containsKey(collection) && mustAnyWait())
                        || (of(collection) == null && view.anyWaiting()));
    }

    private boolean mustAnyWait() {
        return view.waiting().contains(ANY);
    }
}
