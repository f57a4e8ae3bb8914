package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFile.Route;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.CamelContext;

/** Finds two routes with one ID, and two routes for one collection: which of them is right, only the user knows. */
final class Conflicts {
    private final CamelContext context;
    private final RouteLoader loader;
    private final Collection<FolderEntry> entries;

    Conflicts(CamelContext context, RouteLoader loader, Collection<FolderEntry> entries) {
        this.context = context;
        this.loader = loader;
        this.entries = entries;
    }

    /**
     * What is wrong, or null. A file that runs has the older right: only others that run can be in its way.
     *
     * @param changed the files that are to be replaced together with this one: what they run makes room
     */
    String problem(FolderEntry entry, Set<FolderEntry> changed) {
        Set<String> ids = new HashSet<>();
        Set<String> collections = new HashSet<>();
        for (Route route : entry.file.routes()) {
            if (route.id() != null && !ids.add(route.id())) {
                return route.place() + ": two routes in this file have the ID " + route.id();
            }
            if (route.collection() != null && !collections.add(route.collection())) {
                return route.place() + ": two routes in this file are for the collection " + route.collection();
            }
            String problem = withOthers(entry, route, changed);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private String withOthers(FolderEntry entry, Route route, Set<FolderEntry> changed) {
        boolean routeIsOfFile = false;
        boolean collectionIsOfFile = false;
        for (FolderEntry other : entries) {
            routeIsOfFile |= route.id() != null && other.routeIds.contains(loader.idOf(route.id()));
            collectionIsOfFile |= route.collection() != null
                    && other.running != null
                    && other.running.collections().contains(route.collection());
            if (other == entry || other.isMissing) {
                continue;
            }
            boolean isReplaced = changed.contains(other) && other.file.problem() == null;
            String problem = other.running == null || isReplaced ? null : between(route, other.running);
            if (problem == null && (entry.running == null || isReplaced)) {
                problem = between(route, other.file);
            }
            if (problem != null) {
                return problem;
            }
        }
        if (route.id() != null && !routeIsOfFile && loader.has(loader.idOf(route.id()))) {
            return route.place() + ": another route, of no file in this folder, has the ID " + route.id();
        }
        if (route.collection() != null
                && !collectionIsOfFile
                && CollectionRoutes.find(context, loader.group(), route.collection()) != null) {
            return route.place() + ": another route, of no file in this folder, is for the collection "
                    + route.collection();
        }
        return null;
    }

    private static String between(Route route, CollectionFile other) {
        for (Route theirs : other.routes()) {
            if (route.id() != null && route.id().equals(theirs.id())) {
                return route.place() + ": the route at " + theirs.place() + " has the same ID " + route.id();
            }
            if (route.collection() != null && route.collection().equals(theirs.collection())) {
                return route.place() + ": the route at " + theirs.place() + " is for the same collection "
                        + route.collection();
            }
        }
        return null;
    }
}
