package io.github.sequinroutes.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the definitions of a database's tables. PostgreSQL 12 or later. */
public final class Catalogue {
    // the leaves hold the rows, and have replica identities of their own
    private static final String TABLES = """
            select c.oid, n.nspname, c.relname, quote_ident(n.nspname), quote_ident(c.relname), c.relkind = 'p',
              c.relispartition, c.relpersistence = 'p',
              coalesce(leaves.identities, c.relreplident::text),
              coalesce(leaves.are_large, c.reltoastrelid <> 0 and pg_relation_size(c.reltoastrelid) > 0)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            left join lateral (
              select string_agg(distinct leaf.relreplident::text, '') as identities,
                bool_or(leaf.reltoastrelid <> 0 and pg_relation_size(leaf.reltoastrelid) > 0) as are_large
              from pg_partition_tree(c.oid) p join pg_class leaf on leaf.oid = p.relid
              where c.relkind = 'p' and p.isleaf) leaves on true
            where c.relkind in ('r', 'p') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'sequin')
              and not exists (select from pg_depend d
                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
            order by n.nspname, c.relname""";

    private static final String OTHER_KIND = """
            select case c.relkind when 'v' then 'a view' when 'm' then 'a materialized view' when 'f' then 'a foreign table'
              when 'S' then 'a sequence' when 'c' then 'a type' else 'no table' end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = ? and c.relname = ? and c.relkind in ('v', 'm', 'f', 'S', 'c')""";

    private static final String ROOT = """
            select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c
            join pg_namespace n on n.oid = c.relnamespace where c.oid = pg_partition_root(cast(? as regclass))""";

    private static final String UNIQUE = """
            select array(
              select quote_ident(a.attname) from pg_attribute a
              where a.attrelid = i.indrelid and a.attnum = any (i.indkey) order by 1)
            from pg_index i
            where i.indrelid = cast(? as oid) and i.indisunique and i.indisvalid and i.indimmediate and i.indpred is null
              and i.indexprs is null and i.indnkeyatts = i.indnatts""";

    // Types that a backfill sends as null, whatever they hold: those seen, their arrays, the domains over them, and of
    // their relatives those of which nothing is known.
    private static final String COLUMNS = """
            with recursive part (type, part, is_whole) as (
              select distinct atttypid, atttypid, true from pg_attribute
              where attrelid = cast(? as oid) and attnum > 0 and not attisdropped
              union
              select part.type, case when t.typtype = 'd' then t.typbasetype else t.typelem end, part.is_whole and t.typtype = 'd'
              from part join pg_type t on t.oid = part.part
              where t.typtype = 'd' or (t.typcategory = 'A' and t.typelem <> 0)),
            kind as (
              select part.type, bool_or(t.typcategory = 'A') as is_array, bool_or(part.is_whole and t.typnotnull) as is_not_null,
                bool_or(part.is_whole and t.typdefault is not null) as has_default,
                bool_or(t.typtype in ('c', 'r', 'm') or t.oid = any (array['money', 'bpchar', 'bit', 'varbit', 'xml', 'inet',
                  'cidr', 'macaddr', 'macaddr8', 'point', 'line', 'lseg', 'box', 'path', 'polygon', 'circle']::regtype[]))
                or (bool_or(t.typcategory = 'A') and bool_or(t.typtype = 'e')) as is_lost
              from part join pg_type t on t.oid = part.part group by part.type)
            select a.attname, quote_ident(a.attname), a.atttypid, format_type(a.atttypid, a.atttypmod), a.attnotnull or kind.is_not_null,
              case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end, a.attidentity = 'a',
              coalesce(array_position(key.indkey::smallint[], a.attnum) - array_lower(key.indkey::smallint[], 1) + 1, 0),
              -- one of a few characters takes less than what would stand in its place
              a.attstorage in ('x', 'e') and a.attlen = -1
                and not (a.atttypid in ('varchar'::regtype, 'bpchar'::regtype) and a.atttypmod between 0 and 9), kind.is_array, kind.is_lost,
              a.atthasdef or a.attidentity <> '' or kind.has_default,
              case when a.attlen <> -1 then null
                when a.atttypid in ('text'::regtype, 'varchar'::regtype) then format('octet_length(%I)', a.attname)
                when a.atttypid = 'bytea'::regtype then format('2 * octet_length(%I)', a.attname)
                else format('pg_column_size(%I)', a.attname) end,
              not kind.is_array and exists (select from part
                where part.type = a.atttypid and part.part in ('bigint'::regtype, 'numeric'::regtype))
            from pg_attribute a
            join kind on kind.type = a.atttypid
            left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
            left join pg_index key on key.indrelid = a.attrelid and key.indisprimary
            where a.attrelid = cast(? as oid) and a.attnum > 0 and not a.attisdropped
            order by a.attnum""";

    private final Connection connection;

    /** Reads through a connection, in a transaction: names are given with their schemas until that ends. */
    public Catalogue(Connection connection) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local search_path = pg_catalog");
        }
    }

    /** All tables but PostgreSQL's own, those of extensions and the bundle's, by schema and name. */
    public List<SourceTable> tables() throws SQLException {
        List<SourceTable> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                long id = row.getLong(1);
                tables.add(new SourceTable(
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(4) + "." + row.getString(5),
                        row.getBoolean(6),
                        row.getBoolean(7),
                        row.getBoolean(8),
                        row.getString(9),
                        row.getBoolean(10),
                        uniqueKeys(id),
                        columns(id)));
            }
        }
        return tables;
    }

    /** What there is of this name that is no table, such as {@code a view}; null if there is nothing. */
    public String otherKind(String schema, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(OTHER_KIND)) {
            statement.setString(1, schema);
            statement.setString(2, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /** The partitioned table that a partition is of, as SQL. */
    public String root(SourceTable partition) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ROOT)) {
            statement.setString(1, partition.sqlName());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private List<List<String>> uniqueKeys(long table) throws SQLException {
        List<List<String>> keys = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(UNIQUE)) {
            statement.setLong(1, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    keys.add(Arrays.stream((String[]) row.getArray(1).getArray())
                            .sorted()
                            .toList());
                }
            }
        }
        return keys;
    }

    private List<SourceColumn> columns(long table) throws SQLException {
        List<SourceColumn> columns = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
            statement.setLong(1, table);
            statement.setLong(2, table);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    columns.add(new SourceColumn(
                            row.getString(1),
                            row.getString(2),
                            row.getLong(3),
                            row.getString(4),
                            row.getBoolean(5),
                            row.getString(6),
                            row.getBoolean(7),
                            row.getInt(8),
                            row.getBoolean(9),
                            row.getBoolean(10),
                            row.getBoolean(11),
                            row.getBoolean(12),
                            row.getString(13),
                            row.getBoolean(14)));
                }
            }
        }
        return columns;
    }
}
