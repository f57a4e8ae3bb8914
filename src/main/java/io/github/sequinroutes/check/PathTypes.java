package io.github.sequinroutes.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the types of paths are, each asked once. */
final class PathTypes {
    private static final String TYPE = """
            with recursive base as (
              select t.*, 0 as depth from pg_type t where t.oid = ?::text::regtype
              union all
              select t.*, depth + 1 from base b join pg_type t on t.oid = b.typbasetype where b.typtype = 'd')
            select typname, typcategory, array(select enumlabel::text from pg_enum where enumtypid = base.oid order by enumsortorder),
              case when typcategory = 'A' then typelem::regtype::text end
            from base order by depth desc limit 1""";

    private final Connection connection;
    private final Map<String, Type> known = new HashMap<>();

    /**
     * A type; of a domain that below it.
     *
     * @param name     its own
     * @param category as in {@code pg_type}
     * @param labels   of an enum
     * @param element  of an array, or null
     */
    record Type(String name, String category, List<String> labels, Type element) {}

    PathTypes(Connection connection) {
        this.connection = connection;
    }

    /** The types of paths by their names. */
    Map<List<String>, Type> of(Map<List<String>, String> names) throws SQLException {
        Map<List<String>, Type> types = new HashMap<>();
        for (Map.Entry<List<String>, String> path : names.entrySet()) {
            types.put(path.getKey(), type(path.getValue()));
        }
        return types;
    }

    private Type type(String name) throws SQLException {
        if (!known.containsKey(name)) {
            known.put(name, read(name));
        }
        return known.get(name);
    }

    private Type read(String name) throws SQLException {
        Type found = Query.first(
                connection,
                TYPE,
                row -> new Type(
                        row.getString(1),
                        row.getString(2),
                        List.of((String[]) row.getArray(3).getArray()),
                        row.getString(4) == null ? null : type(row.getString(4))),
                name);
        return found == null ? new Type("text", "S", List.of(), null) : found;
    }
}
