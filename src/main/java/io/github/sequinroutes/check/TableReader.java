package io.github.sequinroutes.check;

import io.github.sequinroutes.check.TargetTable.Column;
import io.github.sequinroutes.check.TargetTable.ForeignKey;
import io.github.sequinroutes.check.TargetTable.Index;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads tables from the catalogue, each once. */
final class TableReader {
    private static final String TABLE = """
            select c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind in ('r', 'p'),
              c.relkind = 'p' and not exists (select from pg_inherits i where i.inhparent = c.oid),
              (select inhparent::regclass::text from pg_inherits where c.relispartition and inhrelid = c.oid
                and pg_get_expr(c.relpartbound, c.oid) !~ 'modulus 1,|^DEFAULT$'),
              exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgtype & 7 = 7),
              exists (select from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal),
              row_security_active(c.oid), current_user
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(?)""";

    private static final String COLUMNS = """
            with recursive base as (
              select a.attnum, t.* from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attrelid = ?::oid
              union all
              select b.attnum, t.* from base b join pg_type t on t.oid = b.typbasetype where b.typtype = 'd'),
            domain as (
              select attnum, bool_or(typnotnull) as is_not_null, max(typdefault) as default_value from base
              where typtype = 'd' group by attnum)
            select a.attname, format_type(a.atttypid, a.atttypmod),
              (select b.typname from base b where b.attnum = a.attnum and b.typtype <> 'd'),
              a.attnotnull or coalesce(d.is_not_null, false),
              a.atthasdef or a.attidentity <> '' or d.default_value is not null, a.attgenerated <> '', a.attidentity = 'a',
              case when a.attidentity <> '' then 'nextval()' else coalesce((select pg_get_expr(v.adbin, v.adrelid) from pg_attrdef v
                where v.adrelid = a.attrelid and v.adnum = a.attnum), d.default_value) end,
              exists (select from pg_collation c where c.oid = a.attcollation and not c.collisdeterministic)
            from pg_attribute a left join domain d on d.attnum = a.attnum where a.attrelid = ?::oid and a.attnum > 0 and not a.attisdropped order by a.attnum""";

    private static final String INDEXES = """
            select c.relname,
              array(select a.attname from unnest(i.indkey::int2[]) with ordinality as k (number, place)
                left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
                where k.place <= i.indnkeyatts order by k.place)::text[],
              i.indisunique or i.indisexclusion, not i.indimmediate, pg_get_expr(i.indpred, i.indrelid),
              array_to_string(array(select pg_get_indexdef(i.indexrelid, k, false)
                from generate_series(1, i.indnkeyatts) as k), ', '),
              pg_get_indexdef(i.indexrelid) like '%) NULLS NOT DISTINCT%'
            from pg_index i join pg_class c on c.oid = i.indexrelid
            where i.indrelid = ?::oid and i.indisvalid order by c.relname""";

    private static final String FOREIGN_KEYS = """
            select conname, confrelid, confrelid::regclass::text from pg_constraint
            where contype = 'f' and conrelid = ?::oid and confrelid <> conrelid order by conname""";

    private static final String HAS_NULL = """
            select case when c.reltuples < 100000 then null else coalesce((
              select max(s.null_frac) > 0 from pg_stats s join pg_namespace n on n.nspname = s.schemaname
              where n.oid = c.relnamespace and s.tablename = c.relname and s.attname = ?), false) end
            from pg_class c where c.oid = ?::oid""";

    /** Of a row that is not there yet, or is there no more, the other one is null. */
    private static final String SWALLOWING = """
            select 'the rule ' || quote_ident(rulename) from pg_rewrite
            where ev_class = ?::oid and ev_type::text = ? and is_instead and ev_enabled in ('O', 'A')
              and ev_qual::text = '<>' and pg_get_ruledef(oid) ~ 'DO INSTEAD NOTHING;$'
            union all
            select 'the trigger ' || quote_ident(t.tgname) from pg_trigger t join pg_proc p on p.oid = t.tgfoid
            where t.tgrelid = ?::oid and not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgqual is null
              and t.tgtype & 3 = 3 and t.tgtype & ? <> 0
              and p.prosrc ~* ('^\\s*begin\\s+return\\s+' || ? || '\\s*;\\s*end\\s*;?\\s*$')""";

    private static final String NO_USAGE =
            "select from pg_namespace where nspname = ? and not has_schema_privilege(oid, 'usage')";

    private static final String RELATED = """
            with recursive family as (
              select ?::oid as id
              union
              select case when i.inhrelid = f.id then i.inhparent else i.inhrelid end
              from pg_inherits i join family f on f.id in (i.inhrelid, i.inhparent))
            select exists (select from family where id = ?::oid)""";

    private final Connection connection;
    private final Map<String, TargetTable> known = new HashMap<>();
    private final Map<String, Boolean> usable = new HashMap<>();

    TableReader(Connection connection) {
        this.connection = connection;
    }

    /** The table that a statement writes, or null if there is none. */
    TargetTable read(SqlStatement statement) throws SQLException {
        if (statement.target().to() == statement.target().from()) {
            return null;
        }
        return table(statement.targetName());
    }

    /** The table of this name, or null if there is none. */
    TargetTable table(List<String> parts) throws SQLException {
        if (parts.size() > 2) { // of which the server knows those of its own database
            return parts.size() == 3 && parts.get(0).equals(connection.getCatalog())
                    ? table(parts.subList(1, 3))
                    : null;
        }
        String name = SqlNames.quoted(parts);
        if (!known.containsKey(name)) {
            // of one without usage PostgreSQL refuses to look names up: that ends a transaction, and what else is
            // checked
            known.put(name, parts.size() == 1 || mayUse(parts.get(0)) ? read(name) : null);
        }
        return known.get(name);
    }

    private boolean mayUse(String schema) throws SQLException {
        if (!usable.containsKey(schema)) {
            usable.put(schema, !query(NO_USAGE, row -> true, schema).contains(true));
        }
        return usable.get(schema);
    }

    /** Whether a row has null in a column; of a large table its statistics tell. */
    boolean hasNull(TargetTable table, String column) throws SQLException {
        String fromStatistics = query(HAS_NULL, row -> String.valueOf(row.getString(1)), column, table.id())
                .get(0);
        if (!fromStatistics.equals("null")) {
            return fromStatistics.equals("t");
        }
        String rows = "select exists (select from " + table.name() + " where \"" + column.replace("\"", "\"\"")
                + "\" is null)";
        return query(rows, row -> row.getBoolean(1)).get(0);
    }

    /** The rule, or the trigger before each row, that leaves out whatever such a statement does; or null. */
    String swallowing(TargetTable table, SqlStatement.Verb verb) throws SQLException {
        List<String> found =
                switch (verb) {
                    case INSERT ->
                        query(SWALLOWING, row -> row.getString(1), table.id(), "3", table.id(), 4, "(null|old)");
                    case UPDATE -> query(SWALLOWING, row -> row.getString(1), table.id(), "2", table.id(), 16, "null");
                    case DELETE ->
                        query(SWALLOWING, row -> row.getString(1), table.id(), "4", table.id(), 8, "(null|new)");
                    default -> List.of();
                };
        return found.isEmpty() ? null : found.get(0);
    }

    /** Whether two tables are one, its partitions, or inherit from each other. */
    boolean areRelated(long table, long other) throws SQLException {
        return query(RELATED, row -> row.getBoolean(1), table, other).get(0);
    }

    private TargetTable read(String name) throws SQLException {
        return Query.first(connection, TABLE, this::table, name);
    }

    private TargetTable table(ResultSet row) throws SQLException {
        long id = row.getLong(1);
        return new TargetTable(
                id,
                row.getString(2),
                row.getBoolean(3),
                row.getBoolean(4),
                row.getString(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getString(9),
                query(COLUMNS, TableReader::column, id, id),
                query(INDEXES, TableReader::index, id),
                query(FOREIGN_KEYS, key -> new ForeignKey(key.getString(1), key.getLong(2), key.getString(3)), id));
    }

    private static Column column(ResultSet row) throws SQLException {
        return new Column(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getBoolean(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getString(8),
                row.getBoolean(9));
    }

    private static Index index(ResultSet row) throws SQLException {
        return new Index(
                row.getString(1),
                Arrays.asList((String[]) row.getArray(2).getArray()),
                row.getBoolean(3),
                row.getBoolean(4),
                row.getString(5),
                row.getString(6),
                row.getBoolean(7));
    }

    private <T> List<T> query(String sql, Query.RowReader<T> reader, Object... values) throws SQLException {
        return Query.rows(connection, sql, reader, values);
    }
}
