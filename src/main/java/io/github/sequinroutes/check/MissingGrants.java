package io.github.sequinroutes.check;

import io.github.sequinroutes.template.Template;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What its role must be granted before it may do what a template does. */
public final class MissingGrants {
    /** The SQLSTATE of what a role may not do. */
    public static final String NOT_ALLOWED = "42501";

    /** By the catalogue, which everybody may read: the name of a table in a schema without usage cannot be looked up. */
    private static final String MISSING = """
            select quote_ident(n.nspname), has_schema_privilege(n.oid, 'usage'), quote_ident(c.relname),
              array_to_string(array(select p from unnest(?::text[]) with ordinality as w (p, place)
                where not has_table_privilege(c.oid, p) order by place), ', '), quote_ident(current_user)
            from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relname = ?
            where n.nspname = coalesce(?, (
              select k.nspname from pg_namespace k join pg_class t on t.relnamespace = k.oid
              where t.relname = ? and k.nspname = any(current_schemas(false)) order by 1 limit 1))""";

    private static final Pattern REASON =
            Pattern.compile("permission denied for (schema|sequence|function|table|view|materialized view) (\\S+)");

    private MissingGrants() {}

    /**
     * What to do about one of the templates of a collection, as SQL for the owner of the tables, behind a semicolon.
     *
     * @param reason what the server says
     * @throws SQLException if the database does not answer
     */
    public static String advice(Connection connection, List<Template> templates, String reason) throws SQLException {
        Set<String> grants = new LinkedHashSet<>();
        for (Template template : templates) {
            SqlStatement statement = StatementReader.read(template);
            if (statement.target().to() > statement.target().from()) {
                grants.addAll(ofTarget(connection, statement.targetName(), privileges(statement)));
            }
        }
        return "; " + (grants.isEmpty() ? ofOther(connection, reason) : String.join("; ", grants));
    }

    private static String[] privileges(SqlStatement statement) {
        return switch (statement.verb()) {
            case INSERT -> statement.isUpsert() ? new String[] {"select", "insert", "update"} : new String[] {"insert"};
            case UPDATE -> new String[] {"select", "update"};
            case DELETE -> new String[] {"select", "delete"};
            default -> new String[] {"select"};
        };
    }

    private static List<String> ofTarget(Connection connection, List<String> name, String... privileges)
            throws SQLException {
        List<String> grants = new ArrayList<>();
        String table = name.get(name.size() - 1);
        String inSchema = name.size() > 1 ? name.get(name.size() - 2) : null;
        Array wanted = connection.createArrayOf("text", privileges);
        Query.rows(
                connection,
                MISSING,
                row -> {
                    String schema = row.getString(1);
                    String role = row.getString(5);
                    if (!row.getBoolean(2)) {
                        grants.add("grant usage on schema " + schema + " to " + role);
                    }
                    if (row.getString(3) != null && !row.getString(4).isEmpty()) {
                        grants.add(
                                "grant " + row.getString(4) + " on " + schema + "." + row.getString(3) + " to " + role);
                    }
                    return role;
                },
                wanted,
                table,
                inSchema,
                table);
        return grants;
    }

    /** What else it uses: of that the server says no more than its name. */
    private static String ofOther(Connection connection, String reason) throws SQLException {
        String role = role(connection);
        Matcher denied = REASON.matcher(reason);
        if (!denied.find()) {
            return "grant it to " + role + ", or write with another role";
        }
        String name = denied.group(2);
        return "grant "
                + switch (denied.group(1)) {
                    case "schema" -> "usage on schema " + name;
                    case "sequence" -> "usage on sequence " + name;
                    case "function" -> "execute on function " + name;
                    default -> "what it needs of " + denied.group(1) + " " + name;
                }
                + " to " + role;
    }

    private static String role(Connection connection) throws SQLException {
        return Query.first(connection, "select quote_ident(current_user)", row -> row.getString(1));
    }
}
