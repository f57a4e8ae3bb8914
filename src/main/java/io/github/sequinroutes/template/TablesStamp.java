package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What tells that the tables of a statement, and their columns, are those for which it was described. To describe it anew
 * tells the same, but waits for the server.
 *
 * @param query asks for it
 * @param text  what that returned
 */
record TablesStamp(String query, String text) {
    /** Those that the transaction has locked by having a statement described; PostgreSQL's own do not change. */
    private static final String TABLES = """
            select coalesce(array_agg(distinct relation), '{}')::text from pg_locks
            where pid = pg_backend_pid() and locktype = 'relation' and relation >= 16384""";

    // whatever changes a row of the catalogue gives it another xmin; a table may also be renamed, or hidden by another
    private static final String STAMP = """
            select string_agg(concat_ws(' ', oid, relname, relnamespace::regnamespace, pg_table_is_visible(oid),
              (select array_agg(xmin order by attnum) from pg_attribute where attrelid = pg_class.oid and attnum > 0)),
              ', ' order by oid)
            from pg_class where oid = any ('%s')""";

    /** That of a statement which has been described in this transaction, and maybe of more tables. */
    static TablesStamp of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            String query = STAMP.formatted(first(statement, TABLES));
            return new TablesStamp(query, first(statement, query));
        }
    }

    private static String first(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Has it looked at behind the next statement, which has locked the tables then. */
    void checkIn(RoundTrip trip) {
        trip.check(query, text);
    }
}
