package io.github.sequinroutes.config;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Gives up a connection to a server that has become read-only: after a fail-over the next one leads to the new primary,
 * and the pool would keep the old one for half an hour.
 */
final class ReadOnlyOverride implements SQLExceptionOverride {
    private static final String READ_ONLY = "25006";

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        for (SQLException e = failure; e != null; e = e.getNextException()) {
            if (READ_ONLY.equals(e.getSQLState())) {
                return Override.MUST_EVICT;
            }
        }
        return Override.CONTINUE_EVICT;
    }
}
