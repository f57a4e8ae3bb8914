package io.github.sequinroutes.durable;

import io.github.sequinroutes.judge.DeadLettersNotStoredException;
import io.github.sequinroutes.judge.Failures;
import io.github.sequinroutes.judge.MalformedRecordException;
import io.github.sequinroutes.read.Group;
import io.github.sequinroutes.read.Message;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;

/** Makes dead letters, each with the reason and the error. */
public final class DeadLetters {
    private final String consumer;

    /** For the dead letters of one consumer. */
    public DeadLetters(String consumer) {
        this.consumer = consumer;
    }

    /** Messages that cannot belong to any collection. */
    public Stack malformed(Group group) {
        return all(group, message -> letter(message, "malformed", null, Objects.requireNonNull(message.problem())));
    }

    /** Messages of a collection that has no route. */
    public Stack unknownCollection(Group group) {
        String error = "no route for the collection " + group.getCollection() + ": add one, then replay";
        return all(group, message -> letter(message, "unknown-collection", null, error));
    }

    /** The one record that its template or PostgreSQL refused; not the older versions of it. */
    public Stack rejected(Group group, @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        SQLException cause = Failures.sqlCause(failure);
        String reason = cause instanceof MalformedRecordException ? "malformed" : "rejected";
        String sqlState = cause == null ? null : cause.getSQLState();
        Message message = group.iterator().next();
        return new Stack(List.of(letter(message, reason, sqlState, Failures.describe(failure))));
    }

    /** Fails, so that no message is acked whose dead letter is not stored. */
    @SuppressWarnings("DoNotCallSuggester") // the route calls it to throw
    public void notStored(@ExchangeProperty(Exchange.EXCEPTION_CAUGHT) Exception failure) {
        throw new DeadLettersNotStoredException(failure);
    }

    private DeadLetter letter(Message message, String reason, String sqlState, String error) {
        return new DeadLetter(consumer, message, reason, sqlState, error);
    }

    private static Stack all(Group group, Function<Message, DeadLetter> letter) {
        List<DeadLetter> letters = new ArrayList<>();
        for (Message newest : group) {
            for (Message message = newest; message != null; message = message.older()) {
                letters.add(letter.apply(message));
            }
        }
        return new Stack(letters);
    }

    /** Dead letters that are stored together. Iterates over the rows' columns by name. */
    public static final class Stack implements Iterable<Map<String, Object>> {
        private final List<DeadLetter> letters;

        private Stack(List<DeadLetter> letters) {
            this.letters = letters;
        }

        @Override
        public Iterator<Map<String, Object>> iterator() {
            return letters.stream().map(DeadLetter::row).iterator();
        }

        /** Notes that all are committed, and returns them. */
        public Stack getStored() {
            letters.forEach(DeadLetter::stored);
            return this;
        }
    }
}
