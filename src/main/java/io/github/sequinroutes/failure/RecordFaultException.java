package io.github.sequinroutes.failure;

import io.github.sequinroutes.message.Message;
import java.sql.SQLException;

/** A record that cannot be bound, found before PostgreSQL was asked: so it is known which one. */
public final class RecordFaultException extends SQLException {
    private final transient Message message;

    /** This message, for that reason. */
    public RecordFaultException(Message message, SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause);
        this.message = message;
    }

    /** The message at fault. */
    public Message message() {
        return message;
    }
}
