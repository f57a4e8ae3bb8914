package io.github.sequinroutes.failure;

import java.sql.SQLException;

/** A record that lacks what its template needs, found before PostgreSQL is asked. */
public final class MalformedRecordException extends SQLException {
    /** The problem, in words for a person. */
    public MalformedRecordException(String problem) {
        super(problem);
    }
}
