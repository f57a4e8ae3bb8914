package io.github.sequinroutes.write;

import io.github.sequinroutes.bundle.CollectionFiles;
import io.github.sequinroutes.bundle.CollectionRoutes;
import io.github.sequinroutes.bundle.LoadedRoutes;
import io.github.sequinroutes.durable.Database;
import io.github.sequinroutes.judge.DatabaseAwayException;
import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.judge.LeaseExpiredException;
import io.github.sequinroutes.read.Batch;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.Message;
import io.github.sequinroutes.read.Outcome;
import io.github.sequinroutes.read.Rejection;
import io.github.sequinroutes.read.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections that have a route: those of the route group {@code collection} that start at
 * {@code direct:<collection ID>}. A collection ID from the network is only ever compared with these. Thread-safe.
 */
public final class Collections {
    private static final Logger LOG = LoggerFactory.getLogger(Collections.class);

    private final Database database;
    private final CollectionFiles files;
    private final long leaseMillis;
    private final Set<String> ignored;
    /** By route ID. */
    private final Map<String, CollectionState> states = new ConcurrentHashMap<>();

    /** Those of routes that have been replaced go with them. */
    private final Set<UpsertSink> sinks =
            java.util.Collections.synchronizedSet(java.util.Collections.newSetFromMap(new WeakHashMap<>()));

    private final UnknownCollections unknown = new UnknownCollections();

    /**
     * The collections of a bundle.
     *
     * @param database    the user's database
     * @param files       the files of the collections, which may come, change and break
     * @param leaseMillis for how long messages are leased
     * @param ignored     the IDs of collections whose messages are acked and written nowhere
     */
    public Collections(Database database, CollectionFiles files, long leaseMillis, Set<String> ignored) {
        this.database = database;
        this.files = files;
        files.whenLoaded(this::tryNow);
        this.leaseMillis = leaseMillis;
        this.ignored = Set.copyOf(ignored);
    }

    /**
     * Settles what no route is needed for: messages that are malformed, of a collection to be ignored or without a
     * route, and those of collections that wait.
     *
     * @throws IllegalStateException if there is no route because the routes are being stopped
     */
    public void sortOut(Batch batch, Exchange exchange) {
        CamelContext context = exchange.getContext();
        LoadedRoutes routes = files.routes(context);
        for (Message message : batch.messages()) {
            if (message.problem() != null) {
                message.reject(new Rejection("malformed", null, message.problem()));
                continue;
            }
            if (ignored.contains(message.collection())) {
                message.settle(Outcome.IGNORED);
                continue;
            }
            Route route = routes.of(message.collection());
            if (routes.mustWait(message.collection())) {
                message.hold(); // until its lease is over: the file is looked at meanwhile
            } else if (route == null) {
                message.reject(new Rejection(
                        "unknown-collection",
                        null,
                        "no route for the collection " + message.collection() + ": add one, then replay"));
            } else {
                CollectionState state = state(route);
                state.active();
                if (state.isWaiting() && message.hold()) {
                    state.keep(List.of(message));
                }
            }
        }
        if (!context.isStarted()) {
            throw new IllegalStateException("The routes are being stopped");
        }
    }

    /** What is to be written, by route; collections in trouble come last, so that they hold up no other. */
    public List<Group> groups(Batch batch, Exchange exchange) {
        LoadedRoutes routes = files.routes(exchange.getContext());
        batch.messages().stream()
                .filter(message -> message.isPending() && routes.of(message.collection()) == null)
                .forEach(Message::hold); // its route is being replaced
        List<Group> groups = new ArrayList<>(batch.groups(
                Message::isPending, message -> routes.of(message.collection()).getRouteId()));
        Comparator<Group> troubledLast = Comparator.comparing(group ->
                states.get(group.route()) != null && states.get(group.route()).isInTrouble());
        groups.sort(troubledLast);
        return groups;
    }

    /**
     * What was rejected and may be accepted now, since other rows have been written; by route, and that as often as there
     * are routes: a leaf is accepted after its parent, and that after its own.
     */
    public List<Group> again(Batch batch, Exchange exchange) {
        LoadedRoutes routes = files.routes(exchange.getContext());
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

    /** The endpoint at which the group's route begins, or null if the route is being replaced. */
    public Endpoint endpoint(Group group, Exchange exchange) {
        Route route = exchange.getContext().getRoute(group.route());
        return route == null ? null : route.getEndpoint();
    }

    /**
     * Has a collection wait whose route has failed in a step of the user's own.
     *
     * @throws Exception the failure itself, if not the collection but the database is at fault
     */
    public void failed(Group group, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure, Exchange exchange)
            throws Exception {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseAwayException || cause instanceof LeaseExpiredException) {
                throw failure;
            }
        }
        if (!database.answers()) {
            throw new DatabaseAwayException(failure);
        }
        CollectionState state = state(group);
        // what has been rejected before the failure was not looked at to the end
        group.rejected().forEach(Message::retry);
        state.keep(group.hold());
        String error = Failures.describe(failure);
        if (!error.equals(state.problem())) {
            LOG.error("The route of collection {} has failed", state.name(), failure);
        }
        state.pause(error, false);
    }

    /** The tokens of messages that were left unacked and can be tried again now; none, or one list. */
    public List<Tokens> returnable() {
        List<String> tokens = new ArrayList<>();
        states.values().forEach(state -> tokens.addAll(state.takeReturnable(othersAreActive(state))));
        return tokens.isEmpty() ? List.of() : List.of(new Tokens(tokens));
    }

    /** Whether messages are left unacked until they can be tried again. */
    public boolean areHolding() {
        return states.values().stream().anyMatch(CollectionState::isHolding);
    }

    /** Counts what has become of the messages. */
    public void count(Batch batch, Exchange exchange) {
        LoadedRoutes routes = files.routes(exchange.getContext());
        Map<CollectionState, int[]> counts = new HashMap<>();
        for (Message message : batch.messages()) {
            if (message.problem() != null || ignored.contains(message.collection())) {
                continue;
            }
            Route route = routes.of(message.collection());
            if (route == null) {
                unknown.count(message);
            } else {
                int[] count = counts.computeIfAbsent(state(route), state -> new int[2]);
                count[0] += message.outcome() == Outcome.WRITTEN ? 1 : 0;
                count[1] += message.outcome() == Outcome.DEAD_LETTERED ? 1 : 0;
            }
        }
        counts.forEach((state, count) -> state.recent().count(count[0], count[1]));
    }

    /** Whether collections other than this one have messages to be written. */
    boolean othersAreActive(CollectionState one) {
        return states.values().stream().anyMatch(state -> state != one && state.isActive());
    }

    /** Makes a sink known. */
    void add(UpsertSink sink) {
        sinks.add(sink);
    }

    /** The sinks of all collections. */
    public Set<UpsertSink> sinks() {
        return Set.copyOf(sinks);
    }

    /** How the collection of a group goes. */
    CollectionState state(Group group) {
        return states.get(group.route());
    }

    /** Tries a collection that waits at once, because its files have changed. */
    private void tryNow(String collection) {
        states.values().stream()
                .filter(state -> state.name().equals(collection))
                .forEach(CollectionState::tryNow);
    }

    private CollectionState state(Route route) {
        return states.computeIfAbsent(
                route.getRouteId(), id -> new CollectionState(CollectionRoutes.collectionOf(route), leaseMillis));
    }

    /** The collections that wait, with the error of each. */
    public Map<String, String> paused() {
        Map<String, String> errors = new TreeMap<>(files.broken());
        states.forEach((route, state) -> {
            String problem = state.problem();
            if (problem != null) {
                errors.put(state.name(), problem + ", in route " + route);
            }
        });
        return errors;
    }

    /** What is wrong with collections, in words for a person: those that wait, and those that are nearly all dead letters. */
    public Map<String, String> problems() {
        Map<String, String> problems = new TreeMap<>();
        states.forEach((route, state) -> {
            long deadLetters = state.recent().mostlyDeadLetters();
            if (deadLetters > 0) {
                problems.put(
                        state.name(),
                        "nearly all of its messages become dead letters, lately " + deadLetters
                                + "; see sequin.dead_letters");
            }
        });
        unknown.lately()
                .forEach((collection, deadLetters) -> problems.put(
                        collection,
                        "has no route, lately " + deadLetters
                                + " of its messages became dead letters; add one, or name it in sequin.ignore"));
        paused().forEach((collection, error) -> problems.put(collection, "paused: " + error));
        return problems;
    }
}
