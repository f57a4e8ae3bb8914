package io.github.sequinroutes.write;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.collection.CollectionRoutes;
import io.github.sequinroutes.collection.LoadedRoutes;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Route;

/**
 * The collections that have a route: those of the route group {@code collection} that start at
 * {@code direct:<collection ID>}. A collection ID from the network is only ever compared with these. Thread-safe.
 */
public final class Collections {
    private final CollectionFiles files;
    private final long leaseMillis;
    private final Set<String> ignored;
    private volatile DryRun dryRun;
    private volatile Consumer<UpsertSink> whenAdded = sink -> {};
    /** By route ID. */
    private final Map<String, CollectionState> states = new ConcurrentHashMap<>();

    /** Those of routes that have been replaced go with them. */
    private final Set<UpsertSink> sinks =
            java.util.Collections.synchronizedSet(java.util.Collections.newSetFromMap(new WeakHashMap<>()));

    private volatile WriteListener listener = WriteListener.NONE;
    private final WaitingForFiles waiting;
    private final UnknownCollections unknown = new UnknownCollections();
    private final OutcomeCounters outcomes = new OutcomeCounters();

    /**
     * The collections of a bundle.
     *
     * @param files       the files of the collections, which may come, change and break
     * @param leaseMillis for how long messages are leased
     * @param ignored     the IDs of collections whose messages are acked and written nowhere, unless they have a route
     */
    public Collections(CollectionFiles files, long leaseMillis, Set<String> ignored) {
        this.files = files;
        files.whenLoaded(this::tryNow);
        files.whenGone(this::forget);
        waiting = new WaitingForFiles(leaseMillis);
        this.leaseMillis = leaseMillis;
        this.ignored = Set.copyOf(ignored);
    }

    /** The tokens of messages that were left unacked and can be tried again now, when batches have this size. */
    public List<String> returnable(int batchSize) {
        List<String> tokens = new ArrayList<>();
        states.values().forEach(state -> tokens.addAll(state.takeReturnable(othersAreActive(state), batchSize)));
        if (!waiting.isEmpty()) {
            LoadedRoutes routes = files.routes();
            tokens.addAll(waiting.take(routes::mustWait));
        }
        return tokens;
    }

    /** Whether messages are left unacked, to be tried again soon. */
    public boolean haveUnacked() {
        return !waiting.isEmpty() || states.values().stream().anyMatch(CollectionState::hasUnacked);
    }

    /** Counts what has become of the messages. */
    public void count(Batch batch, Exchange exchange) {
        outcomes.count(batch);
        listener.batch(batch.messages().size());
        LoadedRoutes routes = files.routes(exchange.getContext());
        Map<CollectionState, int[]> counts = new HashMap<>();
        for (Message message : batch.messages()) {
            if (message.problem() != null) {
                outcomes.collection(OutcomeCounters.NO_ROUTE).count(message);
                continue;
            } else if (isIgnored(message.collection(), routes)) {
                outcomes.collection(message.collection()).count(message);
                continue;
            }
            Route route = routes.of(message.collection());
            if (route == null) {
                outcomes.collection(OutcomeCounters.NO_ROUTE).count(message);
                unknown.count(message);
            } else {
                CollectionState known = state(route);
                known.counters().count(message);
                int[] count = counts.computeIfAbsent(known, state -> new int[2]);
                count[0] += message.outcome() == Outcome.WRITTEN ? 1 : 0;
                count[1] += message.outcome() == Outcome.DEAD_LETTERED ? 1 : 0;
            }
        }
        counts.forEach((state, count) -> state.recent().count(count[0], count[1]));
    }

    /** Has a listener told how batches are written, from now on. */
    public void listen(WriteListener told) {
        listener = told;
    }

    /** Whoever is told how batches are written. */
    WriteListener listener() {
        return listener;
    }

    private CollectionState newState(String name) {
        return new CollectionState(name, leaseMillis, outcomes.collection(name));
    }

    /** Whether collections other than this one have messages to be written. */
    boolean othersAreActive(CollectionState one) {
        return states.values().stream().anyMatch(state -> state != one && state.isActive());
    }

    /** From now on sinks write in this dry run; null for none. */
    void dryRun(DryRun changed) {
        dryRun = changed;
    }

    /** In which dry run sinks write, or null: they write in earnest. */
    DryRun dryRun() {
        return dryRun;
    }

    /** Has a listener look at each sink that is made known from now on, before it writes. */
    public void whenAdded(Consumer<UpsertSink> listener) {
        whenAdded = listener;
    }

    /** Makes a sink known. */
    void add(UpsertSink sink) {
        sinks.add(sink);
        whenAdded.accept(sink);
    }

    /** The sinks of all collections. */
    public Set<UpsertSink> sinks() {
        return Set.copyOf(sinks);
    }

    /** Whether a group is for a collection that cannot be written at once, or takes long. */
    boolean isInTrouble(Group group) {
        CollectionState state = states.get(group.route());
        return state != null && state.isInTrouble();
    }

    /** The routes of the collections as they are now. */
    LoadedRoutes routes(CamelContext context) {
        return files.routes(context);
    }

    /** Whether the messages of a collection are to be acked and written nowhere: one that has a route is written. */
    boolean isIgnored(String collection, LoadedRoutes routes) {
        return ignored.contains(collection) && !routes.hasOwn(collection);
    }

    /** What has become of the messages of all. */
    public OutcomeCounters outcomes() {
        return outcomes;
    }

    /**
     * Notes that the route of a group has ended: its collection works again, if something has become of each message. Of
     * several tables one may take what comes, and another not.
     */
    public void completed(Group group) {
        if (group.isSettled()) {
            state(group).resume();
        }
    }

    /** Where the route of a collection begins, as {@code file:line:column}; null if that is not known. */
    String placeOf(String collection) {
        return files.placeOf(collection);
    }

    /** How the collection of a group goes; null if its route is gone. */
    CollectionState state(Group group) {
        return states.get(group.route());
    }

    /** Leaves messages unacked whose route is missing or being replaced, or whose file is broken, until that is over. */
    void waitForFiles(List<Message> messages) {
        waiting.leave(messages);
    }

    /** Notes that a group is sent to its route; false if that is being replaced. */
    boolean enter(Group group) {
        return files.enter(group.route());
    }

    /** Notes that its route has ended. */
    void leave(Group group) {
        files.leave(group.route());
    }

    /**
     * The template of a route that is just being loaded.
     *
     * @return null if it must be read
     */
    Template template(String uri) {
        return files.template(uri);
    }

    /** Forgets a collection whose route is gone; what it has left unacked is for another, or for none. */
    private void forget(String route) {
        CollectionState state = states.remove(route);
        if (state != null) {
            waiting.keep(state.name(), state.takeAll());
        }
    }

    /** Tries a paused collection at once, because its files have changed. */
    private void tryNow(String collection) {
        states.values().stream()
                .filter(state -> state.name().equals(collection))
                .forEach(CollectionState::tryNow);
    }

    /** Makes a collection known that has no route of its own, but one that writes for it. */
    public void add(String name) {
        states.put(name, newState(name));
    }

    /** Pauses the collections that are written with this sink, before a message of them has come. */
    public void pause(UpsertSink sink, String why) {
        writtenWith(sink).forEach(state -> state.pause(why, false));
    }

    /** Notes that what was wrong with the templates of a sink is so no more. */
    public void resume(UpsertSink sink, String why) {
        writtenWith(sink).stream()
                .filter(state -> why.equals(state.problem()) && !state.hasUnacked())
                .forEach(CollectionState::resume);
    }

    /** The IDs of the collections that are written with a template. */
    Set<String> writersOf(Template template) {
        return files.writersOf(template.file());
    }

    private List<CollectionState> writtenWith(UpsertSink sink) {
        LoadedRoutes routes = files.routes();
        return files.writersOf(sink.checked().upsert().file()).stream()
                .map(routes::of)
                .filter(Objects::nonNull)
                .map(this::state)
                .toList();
    }

    /** How the collection of a route goes. */
    CollectionState state(Route route) {
        String name = CollectionRoutes.collectionOf(route);
        return states.compute(
                route.getRouteId(),
                (id, known) -> known != null && Objects.equals(known.name(), name)
                        ? known
                        : newState(name)); // a file can give its route another collection
    }

    /** The paused collections, with the error of each. */
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

    /** The collections that run as they were before their files broke, with what is wrong. */
    public Map<String, String> outdated() {
        return files.outdated();
    }

    /** What is wrong with collections, for people: those that are paused, or that get nearly nothing but dead letters. */
    public Map<String, String> problems() {
        Map<String, String> problems = new TreeMap<>();
        states.forEach((route, state) -> {
            if (state.recent().areMostlyDeadLetters()) {
                problems.put(
                        state.name(), "nearly all of its messages became dead letters lately; see sequin.dead_letters");
            }
        });
        problems.putAll(unknown.problems(files::routes));
        paused().forEach((collection, error) -> problems.put(collection, "paused: " + error));
        return problems;
    }
}
