package io.github.sequinroutes.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the promises need of a session, set anew in each transaction and gone with it: so any pool keeps them, behind a
 * PgBouncer too, and no other client inherits one.
 */
public final class SessionSettings {
    /** What would have other records written elsewhere, or read otherwise. */
    private static final List<String> KEPT = List.of(
            "search_path",
            "role",
            "session_authorization",
            "session_replication_role",
            "row_security",
            "default_transaction_read_only",
            "TimeZone",
            "DateStyle",
            "IntervalStyle",
            "array_nulls",
            "xmloption",
            "standard_conforming_strings",
            "backslash_quote",
            "transform_null_equals",
            "bytea_output",
            "extra_float_digits",
            "lc_monetary",
            "lc_numeric",
            "lc_time",
            "timezone_abbreviations",
            "default_text_search_config",
            "xmlbinary",
            "statement_timeout",
            "lock_timeout",
            "transaction_timeout",
            "idle_in_transaction_session_timeout",
            "default_transaction_isolation",
            "default_transaction_deferrable");

    private static final String NOW = KEPT.stream()
            .map(name -> "current_setting('" + name + "', true)")
            .collect(Collectors.joining(", ", "array[", "]"));

    // what is acked must survive a crash of the server, so a commit waits at least until it is on this server's disk
    private static final String WAIT_FOR_THE_DISK = """
            case when current_setting('synchronous_commit') = 'off'
              then set_config('synchronous_commit', 'local', true) end""";

    // a timestamp without a zone means UTC wherever the bundle runs; a temporary table that somebody has left does not
    // stand in for one that has its name; a lock that is waited for is told from slow work
    private static final String BEGIN = """
            set transaction isolation level read committed;
            select set_config('TimeZone', 'UTC', true),
              set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), 'pg_temp'), true),
              set_config('statement_timeout', ?, true),
              set_config('idle_in_transaction_session_timeout', ?, true),
              case when current_setting('lock_timeout') = '0'
                or current_setting('lock_timeout')::interval > cast(? as interval)
                then set_config('lock_timeout', ?, true) end,
              %s;
            select set_config('sequin.session', %s::text, true)""".formatted(WAIT_FOR_THE_DISK, NOW);

    private static final String IS_CHANGED =
            "select current_setting('sequin.session') <> %s::text, %s".formatted(NOW, WAIT_FOR_THE_DISK);

    // refused with an error, because nobody looks before the commit: who tries again is told which setting it is
    private static final String UNCHANGED = """
            set constraints all immediate;
            select case when current_setting('sequin.session') <> %s::text
              then current_setting('sequin.a_setting_that_was_left_changed') end, %s""".formatted(NOW, WAIT_FOR_THE_DISK);

    private static final String COMMIT = UNCHANGED + ";\ncommit";

    private static final String END = "set constraints all immediate; " + IS_CHANGED;
    private static final String CHECK = "set constraints all immediate; set constraints all deferred; " + IS_CHANGED;

    // what a trigger or function of the user's leaves behind would stay for the rest of the transaction, or for the
    // next
    // one on this connection
    private static final String REFUSE = """
            do $$
            declare
              setting record;
            begin
              for setting in
                select * from unnest(array['%s'], nullif(current_setting('sequin.session'), '')::text[], %s) as s (name, before, now)
              loop
                if setting.now is distinct from setting.before then
                  raise sqlstate '38003' using message = format('a trigger or function has left %%s as ''%%s'', which was '
                    '''%%s'': have it set that back, or give it a SET clause', setting.name, setting.now, setting.before);
                end if;
              end loop;
            end $$""".formatted(String.join("', '", KEPT), NOW);

    private SessionSettings() {}

    /**
     * Begins the transaction with its settings.
     *
     * @param timeoutMillis how long each of its statements may take
     * @param lockMillis    how long each may wait for a lock, at most
     */
    public static void begin(Connection connection, long timeoutMillis, long lockMillis) throws SQLException {
        // prepared, as the others: to read them anew each time would cost the server more than to execute them
        try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
            String[] values = values(timeoutMillis, lockMillis);
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            statement.execute();
        }
    }

    /** The same, ahead of the first statement of the transaction. */
    static RoundTrip opening(long timeoutMillis, long lockMillis) {
        return RoundTrip.beginningWith(BEGIN, values(timeoutMillis, lockMillis));
    }

    private static String[] values(long timeoutMillis, long lockMillis) {
        long timeout = Math.max(1, timeoutMillis);
        String lock = Math.max(1, Math.min(lockMillis, timeout * 4 / 5)) + "ms";
        return new String[] {timeout + "ms", 2 * timeout + "ms", lock, lock};
    }

    /**
     * Makes sure of the same as {@link #end}, in one round trip, and commits as well if the transaction is the connection's
     * alone.
     *
     * @throws SQLException if not: 42704 if the session was changed
     */
    static void finish(Connection connection, boolean commits) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(commits ? COMMIT : UNCHANGED)) {
            statement.execute();
        }
    }

    /**
     * Makes sure that the transaction, whose work is done, can be committed, and that it leaves the session as it was.
     *
     * @throws SQLException if not: 38003 if the session was changed
     */
    public static void end(Connection connection) throws SQLException {
        requireUnchanged(connection, END);
    }

    /**
     * The same in the middle of the transaction, for what has been done so far; what can be deferred may be deferred once
     * more.
     */
    public static void check(Connection connection) throws SQLException {
        requireUnchanged(connection, CHECK);
    }

    /** After the constraints: what is deferred may have changed it as well. */
    private static void requireUnchanged(Connection connection, String sql) throws SQLException {
        boolean isChanged = false;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                ResultSet row = statement.getResultSet();
                isChanged = row != null && row.next() && row.getBoolean(1);
            }
        }
        if (isChanged) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(REFUSE);
            }
        }
    }
}
