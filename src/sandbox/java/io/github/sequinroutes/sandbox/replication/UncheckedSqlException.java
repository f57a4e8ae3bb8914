package io.github.sequinroutes.sandbox.replication;

import java.sql.SQLException;

/** What a receiver throws when it cannot reach the database just now: the transaction comes again. */
public final class UncheckedSqlException extends RuntimeException {
    /** With what was tried. */
    public UncheckedSqlException(String message, SQLException cause) {
        super(message, cause);
    }

    @Override
    public synchronized SQLException getCause() {
        return (SQLException) super.getCause();
    }
}
