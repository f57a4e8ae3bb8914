package io.github.sequinroutes.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the promises need of a session, set anew in each transaction and gone with it: so any pool keeps them, behind a
 * PgBouncer too, and no other client inherits one.
 */
public final class SessionSettings {
    // a timestamp without a zone means UTC wherever the bundle runs, and a lock that is waited for is told from slow
    // work;
    // what is acked must survive a crash of the server, so a commit waits at least until it is on this server's disk
    private static final String SETTINGS = """
            set transaction isolation level read committed;
            select set_config('TimeZone', 'UTC', true),
              set_config('statement_timeout', '%1$d', true),
              set_config('idle_in_transaction_session_timeout', '%2$d', true),
              case when current_setting('lock_timeout') = '0' then set_config('lock_timeout', '%3$d', true) end,
              case when current_setting('synchronous_commit') = 'off'
                then set_config('synchronous_commit', 'local', true) end""";

    private SessionSettings() {}

    /** Begins the transaction with its settings; {@code timeoutMillis} is for each of its statements. */
    public static void apply(Connection connection, long timeoutMillis) throws SQLException {
        long timeout = Math.max(1, timeoutMillis);
        try (Statement statement = connection.createStatement()) {
            statement.execute(SETTINGS.formatted(timeout, 2 * timeout, Math.max(1, timeout * 4 / 5)));
        }
    }
}
