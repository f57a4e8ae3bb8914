package io.github.sequinroutes.failure;

import java.sql.SQLException;

/** A record that is too large to be sent to its table, found before PostgreSQL is asked. */
public final class RecordTooLargeException extends SQLException {
    /** A record with its size and the limit, both in bytes. */
    public RecordTooLargeException(int bytes, int limit) {
        super("the record has %d bytes, more than sequin.max-record-size = %d".formatted(bytes, limit), "54000");
    }
}
