package io.github.sequinroutes.failure;

import java.sql.SQLException;

/** A record that is too large to be sent to its table, found before PostgreSQL is asked. */
public final class RecordTooLargeException extends SQLException {
    /** A record of so many bytes, and how many it may have. */
    public RecordTooLargeException(int bytes, int most) {
        super("the record has %d bytes, more than sequin.max-record-size = %d".formatted(bytes, most), "54000");
    }
}
