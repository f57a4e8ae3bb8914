package io.github.sequinroutes.poll;

import io.github.sequinroutes.bundle.CollectionFiles;
import io.github.sequinroutes.bundle.CollectionRoutes;
import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.read.Group;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections that have a route, those of the route group {@code collection}. A collection ID from the network is
 * only ever compared with theirs. A collection whose template or table is wrong is paused, and tried again from time to
 * time; one whose files are broken is paused until they are mended. Thread-safe.
 */
public final class Collections {
    private static final Logger LOG = LoggerFactory.getLogger(Collections.class);
    private static final String ANY = "*";

    private final Map<String, Pause> pauses = new TreeMap<>();
    private final CollectionFiles files;

    private static final class Pause {
        BackOff backOff = new BackOff();
        String error;
    }

    /** The collections of a context whose routes are all there, and of no file. */
    public Collections() {
        this(new CollectionFiles(false));
    }

    /** The collections of a context; those of these files may come, change and break. */
    public Collections(CollectionFiles files) {
        this.files = files;
        files.whenLoaded(this::resume);
    }

    /**
     * Whether there is no route for the group's collection, and none for all that have none.
     *
     * @throws IllegalStateException if there is none because the routes are being stopped
     */
    public boolean isUnknown(Group group, Exchange exchange) {
        boolean unknown = route(group, exchange) == null;
        if (unknown && !exchange.getContext().isStarted()) {
            throw new IllegalStateException("The routes are being stopped");
        }
        if (unknown && isHeldByItsFiles(group)) {
            throw new IllegalStateException("The route is being loaded");
        }
        return unknown;
    }

    /** The endpoint at which the route for the group's collection starts: itself, since no URI can hold every ID. */
    public Endpoint endpoint(Group group, Exchange exchange) {
        return route(group, exchange).getEndpoint();
    }

    /** Whether the group's collection is paused; if it is time to try again, then not for this group. */
    public synchronized boolean isPaused(Group group) {
        if (isHeldByItsFiles(group)) {
            return true;
        }
        Pause pause = pauses.get(group.getCollection());
        return pause != null && pause.backOff.millisLeft() > 0;
    }

    /** Pauses a collection, because its template or table is wrong: the group stays unacked. */
    public synchronized void pause(
            Group group, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure, Exchange exchange) {
        group.getHeld();
        Pause pause = pauses.computeIfAbsent(group.getCollection(), id -> new Pause());
        pause.backOff.failed();
        String error = Failures.describe(failure) + ", in route "
                + route(group, exchange).getRouteId();
        if (!error.equals(pause.error)) {
            pause.error = error;
            LOG.error(
                    "Collection {} is paused until its template or table is mended: {}", group.getCollection(), error);
        }
    }

    /** Notes that the group has been written or dead-lettered: if its collection was paused, it goes on. */
    public synchronized void written(Group group) {
        if (pauses.remove(group.getCollection()) != null) {
            LOG.info("Collection {} goes on.", group.getCollection());
        }
    }

    /** The collections that are paused, with the error of each. */
    public synchronized Map<String, String> paused() {
        Map<String, String> errors = new TreeMap<>(files.broken());
        pauses.forEach((id, pause) -> errors.put(id, pause.error));
        return errors;
    }

    /** Tries a paused collection again at once, because its files have changed. */
    private synchronized void resume(String collection) {
        Pause pause = pauses.get(collection);
        if (pause != null) {
            pause.backOff = new BackOff();
        }
    }

    private boolean isHeldByItsFiles(Group group) {
        return files.isBroken(group.getCollection()) || files.mayBelongToABrokenFile(group.getCollection());
    }

    /** Not with a context as a parameter: Camel may fill in that of another application in the same JVM. */
    private static Route route(Group group, Exchange exchange) {
        Route own = CollectionRoutes.find(exchange.getContext(), group.getCollection());
        return own == null ? CollectionRoutes.find(exchange.getContext(), ANY) : own;
    }
}
