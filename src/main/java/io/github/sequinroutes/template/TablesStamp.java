package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What tells that the tables of a statement, their columns and triggers, and the functions that it calls are those for which
 * it was described. To describe it anew tells the same, but waits for the server.
 *
 * @param query      asks for it
 * @param text       what that returned
 * @param hasOwnCode whether it calls functions of the user's own that may read a table, or its tables, or partitions of
 *                   theirs, have triggers
 */
record TablesStamp(String query, String text, boolean hasOwnCode) {
    // those that the transaction has locked by having a statement described; PostgreSQL's own do not change, and a
    // temporary one is what a trigger has made in an earlier statement: it is gone in the next transaction
    private static final String TABLES = """
            select coalesce(array_agg(distinct relation), '{}')::text from pg_locks join pg_class on pg_class.oid = relation
            where pid = pg_backend_pid() and locktype = 'relation' and relation >= 16384 and relpersistence <> 't'""";

    // whatever changes a row of the catalogue gives it another xmin; a table may also be renamed, or hidden by another
    private static final String STAMP = """
            select coalesce(string_agg(concat_ws(' ', oid, relname, relnamespace::regnamespace, pg_table_is_visible(oid),
              (select array_agg(xmin order by attnum) from pg_attribute where attrelid = pg_class.oid and attnum > 0),
              (select array_agg(oid order by oid) from pg_trigger where tgrelid = pg_class.oid and not tgisinternal)),
              ', ' order by oid), 'none')
              -- another one of a name may take other types
              || coalesce((select array_agg(concat_ws(' ', oid, xmin, pronamespace) order by oid)::text
                from pg_proc where proname = any (array[%s]::name[]) and oid >= 16384), '')
            from pg_class where oid = any ('%s')""";

    private static final String OWN_CODE = """
            with recursive own as (
              select unnest(cast('%2$s' as oid[])) as id
              union select inhrelid from pg_inherits join own on inhparent = id)
            select (exists (select from pg_proc
                where proname = any (array[%1$s]::name[]) and oid >= 16384 and provolatile <> 'i')
              or exists (select from own join pg_trigger on tgrelid = id where not tgisinternal))::text""";

    /** That of a template which has been described in this transaction, and maybe of more tables. */
    static TablesStamp of(Connection connection, Template template) throws SQLException {
        String functions = functions(template.tokens());
        try (Statement statement = connection.createStatement()) {
            String tables = first(statement, TABLES);
            String query = STAMP.formatted(functions, tables);
            boolean hasOwnCode = Boolean.parseBoolean(first(statement, OWN_CODE.formatted(functions, tables)));
            return new TablesStamp(query, first(statement, query), hasOwnCode);
        }
    }

    /** The names before a bracket: of functions, and some others that no function has. */
    private static String functions(List<TemplateToken> tokens) {
        return IntStream.range(1, tokens.size())
                .filter(i -> tokens.get(i).is("(") && tokens.get(i - 1).name() != null)
                .mapToObj(i -> tokens.get(i - 1).name())
                .distinct()
                .map(name -> "'" + name.replace("'", "''") + "'")
                .collect(Collectors.joining(", "));
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
