package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.deadletter.DeadLetterTable.Filter;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.scaffold.CollectionScaffold;
import io.github.sequinroutes.scaffold.RecordShape;
import io.github.sequinroutes.scaffold.SkippedException;
import io.github.sequinroutes.scaffold.TableName;
import io.github.sequinroutes.scaffold.TablePattern;
import io.github.sequinroutes.sequin.Peek;
import io.github.sequinroutes.source.Catalogue;
import io.github.sequinroutes.source.SourceTable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** Finds out what the records of collections look like, and has their files planned. */
final class CollectionScaffolding {
    /** As many as a consumer lets be in flight unless it is told otherwise. */
    private static final int MAX_MESSAGES = 1_000;
    /** Of each collection: more would hardly show other fields. */
    private static final int ENOUGH = 200;

    private static final Logger LOG = LoggerFactory.getLogger(CollectionScaffolding.class);

    private static final Duration MAX_TIME = Duration.ofSeconds(10);

    private final Standalone standalone;
    private final CollectionScaffold scaffold;
    private final Map<String, RecordShape> shapes;
    private final Consumer<String> out;
    private boolean isDone = true;

    private record Wanted(TableName table, SourceTable existing) {}

    /** {@code shapes} are those that a file has said; empty if none is given. */
    CollectionScaffolding(
            Standalone standalone, CollectionScaffold scaffold, Map<String, RecordShape> shapes, Consumer<String> out) {
        this.standalone = standalone;
        this.scaffold = scaffold;
        this.shapes = shapes;
        this.out = out;
    }

    /** What is wrong with the IDs of collections, or null. */
    static String problem(List<String> collections) {
        for (String id : collections) {
            if (id.isBlank()
                    || id.equals("*")
                    || id.contains("{{")
                    || id.codePoints().anyMatch(Character::isISOControl)) {
                return "'" + Printable.line(id) + "' is not the ID of one collection, such as stripe:subscription";
            }
        }
        return null;
    }

    /**
     * Plans the files of collections; returns whether all could be.
     *
     * @param named the table that is named, or null
     */
    boolean plan(List<String> collections, TablePattern named, Connection target) throws Exception {
        Catalogue catalogue = new Catalogue(target);
        List<SourceTable> tables = catalogue.tables();
        boolean isThere = named == null || tables.stream().anyMatch(named::matches);
        boolean isOther = !isThere
                && catalogue.otherKind(
                                named.tableName().schema(), named.tableName().name())
                        != null;
        if (isOther || (!isThere && shapes.isEmpty())) {
            throw new IllegalArgumentException(ReplicaScaffolding.unknown(named, tables, catalogue)
                    + (isOther
                            ? ""
                            : "; with --sample or --schema, which say what the records look like, it would be made"));
        }
        Map<String, Wanted> wanted = new LinkedHashMap<>();
        for (String collection : collections) {
            TableName table = named == null ? TableName.of(collection) : named.tableName();
            SourceTable existing = tables.stream()
                    .filter(one -> new TableName(one.schema(), one.name()).equals(table))
                    .findFirst()
                    .orElse(null);
            want(collection, new Wanted(table, existing), wanted, target);
        }
        target.rollback(); // no transaction stays open while records are received
        boolean isReceiving = shapes.isEmpty() && named == null && !wanted.isEmpty();
        Map<String, RecordShape> received = isReceiving ? receive(wanted.keySet()) : Map.of();
        for (Map.Entry<String, Wanted> one : wanted.entrySet()) {
            String collection = one.getKey();
            if (!isReceiving || received.containsKey(collection)) {
                RecordShape shape = (isReceiving ? received : shapes).get(collection);
                plan(collection, one.getValue(), shape, target);
            }
        }
        return isDone;
    }

    private void want(String collection, Wanted one, Map<String, Wanted> wanted, Connection target)
            throws IOException, SQLException {
        boolean isTaken = wanted.entrySet().stream()
                .anyMatch(other -> !other.getKey().equals(collection)
                        && other.getValue().table().equals(one.table()));
        try {
            if (isTaken) {
                throw new SkippedException("its table would be that of another; name one with --table");
            } else if (!scaffold.isThere(collection, one.table(), one.existing(), target)) {
                wanted.put(collection, one);
            }
        } catch (SkippedException e) {
            skip(collection, e);
        }
    }

    private void plan(String collection, Wanted one, RecordShape shape, Connection target) throws SQLException {
        try {
            scaffold.plan(collection, one.table(), one.existing(), shape, target);
        } catch (SkippedException e) {
            skip(collection, e);
        }
    }

    private void skip(String collection, SkippedException reason) {
        out.accept("Skipped " + Printable.line(collection) + ": " + Printable.line(reason.getMessage()));
        isDone = false;
    }

    /** What the records look like that the consumer has now. */
    private Map<String, RecordShape> receive(Set<String> collections) throws Exception {
        Bundle bundle = standalone.start().bundle();
        long leaseMillis = bundle.config().get(Keys.ACK_WAIT);
        Map<String, DeadLetters> deadLetters = new LinkedHashMap<>();
        collections.forEach(id -> deadLetters.put(id, deadLetters(id, bundle.deadLetters())));
        AtomicInteger looks = new AtomicInteger();
        List<Message> messages;
        try (Peek peek = bundle.peek()) {
            messages = peek.receive(
                    MAX_MESSAGES, Duration.ofMillis(Math.min(MAX_TIME.toMillis(), leaseMillis / 3)), all -> {
                        // nothing is waited for that is known already
                        boolean isEmpty = looks.getAndIncrement() > 0 && all.isEmpty();
                        return collections.stream()
                                .allMatch(id -> count(all, id) >= ENOUGH
                                        || (isEmpty && deadLetters.get(id).hasData()));
                    });
        }
        Map<String, RecordShape> shapesById = new LinkedHashMap<>();
        for (Message message : messages) {
            if (message.problem() == null && collections.contains(message.collection())) {
                shapesById
                        .computeIfAbsent(message.collection(), id -> new RecordShape())
                        .add(message.toString());
            }
        }
        out.accept((messages.size() == 1 ? "1 message was" : messages.size() + " messages were")
                + " received and given back"
                + shapesById.entrySet().stream()
                        .filter(one -> one.getValue().records() > 0)
                        .map(one -> ", " + one.getValue().records() + " of them "
                                + (one.getValue().records() == 1 ? "a record of " : "records of ") + one.getKey()
                                + " with data")
                        .collect(Collectors.joining()));
        for (String collection : collections) {
            if (count(messages, collection) < ENOUGH) {
                addDeadLetters(collection, deadLetters.get(collection), shapesById);
            }
        }
        shapesById.values().removeIf(shape -> shape.records() == 0);
        for (String collection : collections) {
            if (!shapesById.containsKey(collection)) {
                out.accept(missing(collection, messages));
                isDone = false;
            }
        }
        return shapesById;
    }

    /** How many records of a collection are pending for want of a route, and the first of them. */
    private record DeadLetters(long pending, List<Message> messages) {
        boolean hasData() {
            return messages.stream().anyMatch(message -> !message.isDeleted());
        }
    }

    /** A process that runs has received the records before, and found no collection for them. */
    private static DeadLetters deadLetters(String collection, DeadLetterTable table) {
        Filter filter = new Filter(collection, "unknown-collection", null);
        try {
            long pending = table.counts(filter).stream()
                    .mapToLong(count -> count.total() - count.replayed())
                    .sum();
            return new DeadLetters(pending, pending == 0 ? List.of() : table.messages(filter));
        } catch (DataAccessException e) {
            LOG.debug("The dead letters cannot be read", e); // there may be no table yet, or it is not this role's
            return new DeadLetters(0, List.of());
        }
    }

    private void addDeadLetters(String collection, DeadLetters letters, Map<String, RecordShape> shapesById) {
        if (letters.pending() > 0) {
            RecordShape shape = shapesById.computeIfAbsent(collection, id -> new RecordShape());
            letters.messages().forEach(message -> shape.add(message.toString()));
            String name = Printable.line(collection);
            out.accept((letters.pending() == 1
                                    ? "1 record of %s is a dead letter; replay it"
                                    : letters.pending() + " records of %s are dead letters; replay them")
                            .formatted(name)
                    + ": replay --collection " + name);
        }
    }

    private static long count(List<Message> messages, String collection) {
        return messages.stream()
                .filter(message -> collection.equals(message.collection()) && !message.isDeleted())
                .count();
    }

    private static String missing(String collection, List<Message> messages) {
        Map<String, Long> counts = messages.stream()
                .filter(message -> message.collection() != null)
                .collect(Collectors.groupingBy(Message::collection, TreeMap::new, Collectors.counting()));
        String others = counts.entrySet().stream()
                .map(one -> Printable.of(one.getKey()) + " (" + one.getValue() + ")")
                .collect(Collectors.joining(", "));
        return "No record of " + collection + " with data has come"
                + (others.isEmpty() ? "" : "; those that came are of " + others)
                + ", so its columns are not known: change one at its source and run this again, or give a file with records"
                + " (--sample), a schema (--schema) or a table that is there (--table)";
    }
}
