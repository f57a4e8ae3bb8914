package io.github.sequinroutes.failure;

import java.sql.SQLException;

/** A database that answers, but in which the promises cannot be kept. */
public final class UnsuitableDatabaseException extends SQLException {
    /** With what is wrong with it, and what to do, in words for a person. */
    public UnsuitableDatabaseException(String message) {
        super(message);
    }
}
