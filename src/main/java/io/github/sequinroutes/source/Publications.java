package io.github.sequinroutes.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which tables a database publishes, by the IDs of their collections. */
final class Publications {
    // names partitions where the publication does not publish them as the table that they are of
    private static final String TABLES = """
            select t.schemaname || '.' || t.tablename, quote_ident(p.pubname),
              p.pubinsert and p.pubupdate and p.pubdelete, case when not via_root then root.name end
            from pg_publication_tables t
            join pg_publication p on p.pubname = t.pubname
            join pg_namespace n on n.nspname = t.schemaname
            join pg_class c on c.relnamespace = n.oid and c.relname = t.tablename
            -- PostgreSQL 13 has added it
            cross join lateral coalesce((to_jsonb(p) ->> 'pubviaroot')::boolean, false) as via_root
            left join lateral (
              select rn.nspname || '.' || r.relname as name from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
              where r.oid = pg_partition_root(c.oid)) as root on true""";

    private final Set<String> tables = new HashSet<>();
    private final Map<String, Set<String>> incomplete = new HashMap<>();
    private final Map<String, Set<String>> byPartition = new HashMap<>();

    private Publications() {}

    static Publications of(Connection connection) throws SQLException {
        Publications all = new Publications();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                String table = row.getString(1);
                all.tables.add(table);
                if (!row.getBoolean(3)) {
                    all.incomplete
                            .computeIfAbsent(table, any -> new TreeSet<>())
                            .add(row.getString(2));
                }
                if (row.getString(4) != null) {
                    all.byPartition
                            .computeIfAbsent(row.getString(4), any -> new TreeSet<>())
                            .add(row.getString(2));
                }
            }
        }
        return all;
    }

    boolean areEmpty() {
        return tables.isEmpty();
    }

    boolean has(String collection) {
        return tables.contains(collection);
    }

    /** The publications, as SQL, that do not publish all of inserts, updates and deletes of a table. */
    Set<String> incomplete(String collection) {
        return incomplete.getOrDefault(collection, Set.of());
    }

    /** The publications, as SQL, that publish the partitions of a table by their own names. */
    Set<String> byPartition(String collection) {
        return byPartition.getOrDefault(collection, Set.of());
    }
}
