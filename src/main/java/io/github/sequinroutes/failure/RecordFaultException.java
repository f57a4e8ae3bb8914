package io.github.sequinroutes.failure;

import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/** A record that cannot be bound, found before PostgreSQL was asked: so it is known which one. */
public final class RecordFaultException extends SQLException {
    private final transient Message message;

    /** This message, for that reason. */
    public RecordFaultException(Message message, SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause);
        this.message = message;
    }

    /** These messages, at least one, for one reason. */
    public static RecordFaultException of(List<Message> messages, SQLException cause) {
        return of(messages.stream()
                .map(message -> new RecordFaultException(message, cause))
                .toList());
    }

    /** These, at least one, as one. */
    public static RecordFaultException of(List<RecordFaultException> faults) {
        RecordFaultException first = faults.get(0);
        faults.stream().skip(1).forEach(first::addSuppressed);
        return first;
    }

    /** This one, and those of other records that were found with it, which are its suppressed ones. */
    public List<RecordFaultException> all() {
        return Stream.concat(Stream.of(this), Stream.of(getSuppressed()))
                .filter(RecordFaultException.class::isInstance)
                .map(RecordFaultException.class::cast)
                .toList();
    }

    /** The message at fault. */
    public Message message() {
        return message;
    }
}
