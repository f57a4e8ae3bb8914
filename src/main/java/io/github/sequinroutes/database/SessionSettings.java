package io.github.sequinroutes.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What the promises need of a session, set anew in each transaction and gone with it: so any pool keeps them, behind a
 * PgBouncer too, and no other client inherits one.
 */
public final class SessionSettings {
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
              set_config('statement_timeout', '%1$d', true),
              set_config('idle_in_transaction_session_timeout', '%2$d', true),
              case when current_setting('lock_timeout') = '0'
                or current_setting('lock_timeout')::interval > '%3$d ms'::interval
                then set_config('lock_timeout', '%3$d', true) end,""" + WAIT_FOR_THE_DISK + """
            ;
            select set_config('sequin.session', json_object_agg(name, current_setting(name, true))::text, true)
            from unnest(array['search_path', 'role', 'session_authorization', 'session_replication_role', 'row_security',
              'default_transaction_read_only', 'TimeZone', 'DateStyle', 'IntervalStyle', 'array_nulls', 'xmloption',
              'standard_conforming_strings', 'backslash_quote', 'transform_null_equals', 'bytea_output',
              'extra_float_digits', 'lc_monetary', 'lc_numeric', 'lc_time', 'timezone_abbreviations',
              'default_text_search_config', 'xmlbinary', 'statement_timeout', 'lock_timeout', 'transaction_timeout',
              'idle_in_transaction_session_timeout', 'default_transaction_isolation',
              'default_transaction_deferrable']) as name""";

    private static final String IS_CHANGED = """
            select exists (select from json_each_text(current_setting('sequin.session')::json) as before
              where current_setting(before.key, true) <> before.value),""" + WAIT_FOR_THE_DISK;

    // what a trigger or function of the user's leaves behind would have other records written elsewhere, or read
    // otherwise: in this transaction, or in the next one on this connection
    private static final String REFUSE = """
            do $$
            declare
              before record;
            begin
              for before in select * from json_each_text(current_setting('sequin.session')::json) loop
                if current_setting(before.key, true) <> before.value then
                  raise sqlstate '38003' using message = format('a trigger or function has left %s as ''%s'', which was '
                    '''%s'': have it set that back, or give it a SET clause', before.key, current_setting(before.key, true),
                    before.value);
                end if;
              end loop;
            end $$""";

    private SessionSettings() {}

    /**
     * Begins the transaction with its settings.
     *
     * @param timeoutMillis how long each of its statements may take
     * @param lockMillis    how long each may wait for a lock, at most
     */
    public static void begin(Connection connection, long timeoutMillis, long lockMillis) throws SQLException {
        long timeout = Math.max(1, timeoutMillis);
        execute(connection, BEGIN.formatted(timeout, 2 * timeout, Math.max(1, Math.min(lockMillis, timeout * 4 / 5))));
    }

    /**
     * Makes sure that the transaction, whose work is done, can be committed, and that it leaves the session as it was.
     *
     * @throws SQLException if not: 38003 if the session was changed
     */
    public static void end(Connection connection) throws SQLException {
        requireUnchanged(connection, "set constraints all immediate");
    }

    /**
     * The same in the middle of the transaction, for what has been done so far; what can be deferred may be deferred once
     * more.
     */
    public static void check(Connection connection) throws SQLException {
        requireUnchanged(connection, "set constraints all immediate; set constraints all deferred");
    }

    /** After these constraints: what is deferred may have changed it as well. */
    private static void requireUnchanged(Connection connection, String constraints) throws SQLException {
        boolean isChanged = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute(constraints + "; " + IS_CHANGED);
            while (statement.getMoreResults() || statement.getUpdateCount() >= 0) {
                ResultSet row = statement.getResultSet();
                isChanged = row != null && row.next() && row.getBoolean(1);
            }
        }
        if (isChanged) {
            execute(connection, REFUSE);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
