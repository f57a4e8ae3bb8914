package io.github.sequinroutes.write;

import io.github.sequinroutes.collection.CollectionRoutes;
import io.github.sequinroutes.collection.LoadedRoutes;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.LeaseExpiredException;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.message.Rejection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each message of a batch to the route of its collection. A collection ID from the network is only ever compared with
 * those of the routes that there are. Thread-safe.
 */
public final class Dispatch {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Collections collections;
    private final Database database;
    private final SharedTransactions shared;
    private final Callable<ProducerTemplate> routes;

    /**
     * To these collections, whose tables are in this database.
     *
     * @param shared writes several of them at once
     * @param routes what calls routes, asked for when the context is there
     */
    public Dispatch(
            Collections collections, Database database, SharedTransactions shared, Callable<ProducerTemplate> routes) {
        this.collections = collections;
        this.database = database;
        this.shared = shared;
        this.routes = routes;
    }

    /**
     * Settles what needs no route: messages that are malformed, or of a collection that is ignored, has no route or is
     * paused.
     *
     * @throws IllegalStateException if there is no route because the routes are being stopped
     */
    public void sortOut(Batch batch, Exchange exchange) {
        collections.outcomes().begin(batch);
        CamelContext context = exchange.getContext();
        LoadedRoutes routes = collections.routes(context);
        for (Message message : batch.messages()) {
            if (message.problem() != null) {
                message.reject(new Rejection("malformed", null, message.problem()));
                continue;
            }
            if (collections.isIgnored(message.collection(), routes)) {
                message.settle(Outcome.IGNORED);
                continue;
            }
            Route route = routes.of(message.collection());
            if (routes.mustWait(message.collection())) {
                collections.waitForFiles(List.of(message));
            } else if (route == null) {
                message.reject(new Rejection(
                        "unknown-collection",
                        null,
                        "no route for the collection " + message.collection() + ": add one, then replay"));
            } else {
                CollectionState state = collections.state(route);
                state.active();
                if (state.isWaiting() && message.leaveUnacked()) {
                    state.keep(List.of(message));
                }
            }
        }
        if (!context.isStarted()) {
            throw new IllegalStateException("The routes are being stopped");
        }
    }

    /**
     * Has as many collections as possible written in one transaction, if there are several: what is still pending after that
     * is to be written by collection. Only of routes that do nothing but write: a step of the user's own would be done twice.
     */
    public void together(Batch batch, Exchange exchange) {
        if (collections.dryRun() != null) {
            return;
        }
        LoadedRoutes routes = collections.routes(exchange.getContext());
        List<Group> groups = batch.groups(
                message -> message.isPending() && isShareable(routes.of(message.collection())),
                message -> routes.of(message.collection()).getRouteId());
        if (groups.size() < 2 || groups.get(0).lease().isLate()) {
            return;
        }
        // in the same order by all workers: two that lock rows in different orders can deadlock
        Map<String, Integer> places = new HashMap<>(); // others may change them meanwhile
        for (Group group : groups) {
            CollectionState state = collections.state(group); // of a route that is gone there is none
            places.put(group.route(), state == null ? 0 : state.company().place());
        }
        groups.sort(
                Comparator.comparing((Group group) -> places.get(group.route())).thenComparing(Group::route));
        shared.run(groups.get(0).lease(), () -> {
            for (Group group : groups) {
                send(group, exchange);
            }
        });
    }

    private boolean isShareable(Route route) {
        if (route == null || !CollectionRoutes.isPlain(route)) {
            return false;
        }
        CollectionState state = collections.state(route);
        return !state.isInTrouble() && state.company().isWelcome();
    }

    /** What is to be written, by route; collections in trouble come last, so that no other waits for them. */
    public List<Group> groups(Batch batch, Exchange exchange) {
        LoadedRoutes routes = collections.routes(exchange.getContext());
        collections.waitForFiles(batch.messages().stream()
                .filter(message -> message.isPending() && routes.of(message.collection()) == null)
                .toList());
        List<Group> groups = new ArrayList<>(batch.groups(
                Message::isPending, message -> routes.of(message.collection()).getRouteId()));
        groups.sort(Comparator.comparing(collections::isInTrouble));
        return groups;
    }

    /**
     * What was rejected and may be accepted now, since other rows have been written; by route, and that as often as there
     * are routes: a leaf is accepted after its parent, and that after its own.
     */
    public List<Group> again(Batch batch, Exchange exchange) {
        LoadedRoutes routes = collections.routes(exchange.getContext());
        if (batch.messages().stream().noneMatch(message -> message.outcome() == Outcome.WRITTEN)) {
            return List.of();
        }
        List<Group> groups = batch.groups(
                message -> Rejected.dependsOnOthers(message) && routes.of(message.collection()) != null,
                message -> routes.of(message.collection()).getRouteId());
        return java.util.Collections.nCopies(groups.size(), groups).stream()
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Sends messages to the route of their collection, as an exchange of its own: whatever its steps do with that, such as to
     * stop it, concerns no other. If it has done nothing with some of them, the collection is paused.
     *
     * @throws Exception what a step of the route has thrown, or why a sink could not go on
     */
    public void send(Group group, Exchange exchange) throws Exception {
        if (!collections.enter(group)) {
            collections.waitForFiles(group.pending()); // it is being replaced
            return;
        }
        try {
            Route route = exchange.getContext().getRoute(group.route());
            if (route == null) {
                collections.waitForFiles(group.pending()); // it has just been removed
            } else {
                send(group, route);
            }
        } finally {
            collections.leave(group);
        }
    }

    private void send(Group group, Route route) throws Exception {
        group.begin();
        Exchange own = routes.call().send(route.getEndpoint(), sent -> {
            sent.getMessage().setBody(group);
            sent.setVariable(Group.VARIABLE, group);
        });
        if (group.failure() != null) {
            throw group.failure(); // a route may have kept it to itself
        }
        if (own.getException() != null) {
            throw own.getException();
        }
        completed(group);
    }

    private void completed(Group group) {
        CollectionState state = collections.state(group);
        List<Message> forgotten = group.pending().stream()
                .filter(message -> message.sink() == null)
                .toList();
        if (!forgotten.isEmpty()) {
            forgotten.forEach(Message::leaveUnacked);
            state.keep(forgotten);
            state.pauseForgetful("its route " + group.route() + " has ended, and done nothing with " + forgotten.size()
                    + " of "
                    + group.size() + " messages, the record " + forgotten.get(0).id()
                    + " among them: send these to postgres-upsert-sink as well, or to drop-sink if that is on purpose");
        } else {
            collections.completed(group);
        }
    }

    /** What has gone wrong in a step of the user's own, with its place and what to do. */
    private String inRoute(String collection, String error) {
        String place = collections.placeOf(collection);
        return (place == null ? "" : place + ": ") + "a step of the route has failed: " + error.replaceAll("[.;]+$", "")
                + "; correct the step";
    }

    /** Whether a sink has failed, which says itself where. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isOfSink(Group group, Exception failure) {
        return failure == group.failure() || Failures.sqlCause(failure) != null;
    }

    /**
     * Pauses a collection whose route has failed in a step of the user's own.
     *
     * @throws Exception the failure itself, if not the collection but the database is at fault
     */
    public void failed(Group group, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure, Exchange exchange)
            throws Exception {
        if (collections.state(group) == null) { // its route has been removed meanwhile
            group.rejected().forEach(Message::retry);
            collections.waitForFiles(group.pending());
            return;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LeaseExpiredException && group.ranOutOfTime()) {
                // it comes last then, and later each time: the others must not wait for it
                CollectionState slow = collections.state(group);
                slow.keep(group.leaveUnacked());
                slow.pause("the steps of its route take longer than the lease of its messages", false);
                throw failure;
            }
            if (cause instanceof DatabaseAwayException || cause instanceof LeaseExpiredException) {
                throw failure;
            }
        }
        if (!database.answers()) {
            throw new DatabaseAwayException(failure);
        }
        CollectionState state = collections.state(group);
        // what has been rejected before the failure was not looked at to the end
        group.rejected().forEach(Message::retry);
        state.keep(group.leaveUnacked());
        String error = Failures.describe(failure);
        LOG.debug("The route of collection {} has failed", state.name(), failure);
        state.pause(isOfSink(group, failure) ? error : inRoute(state.name(), error), false);
    }
}
