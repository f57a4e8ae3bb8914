package io.github.sequinroutes.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The functions that a text of SQL calls, as far as names and the number of arguments tell. */
final class CalledFunctions {
    private static final Pattern CALL = Pattern.compile("(?:(\"?)([\\w$]+)\"?\\s*\\.\\s*)?(\"?)([\\w$]+)\"?\\s*\\(");
    private static final int UNKNOWN = -1;

    /** A function of this name that nobody finds by it, or that takes another number of arguments, is not the one that is meant. */
    private static final String IS_ANY_VOLATILE = """
            select exists (
              select from unnest(?::text[], ?::text[], ?::int[]) as call (schema, name, arguments)
              join pg_proc p on p.proname = call.name
              where p.provolatile = 'v'
                and p.proname not in ('random', 'clock_timestamp', 'timeofday', 'gen_random_uuid', 'uuid_generate_v4')
                and case when call.schema is null then pg_function_is_visible(p.oid)
                  else p.pronamespace = (select oid from pg_namespace where nspname = call.schema) end
                and (call.arguments = -1 or p.provariadic <> 0
                  or call.arguments between p.pronargs - p.pronargdefaults and p.pronargs))""";

    private CalledFunctions() {}

    /** Whether one of them may do something beside its result, which is not seen, or is not undone. */
    static boolean areAnyVolatile(Connection connection, String code) throws SQLException {
        List<String> schemas = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Integer> arguments = new ArrayList<>();
        for (MatchResult call : CALL.matcher(code).results().toList()) {
            schemas.add(call.group(2) == null ? null : known(call.group(1), call.group(2)));
            names.add(known(call.group(3), call.group(4)));
            arguments.add(arguments(code, call.end()));
        }
        return Query.first(
                connection,
                IS_ANY_VOLATILE,
                row -> row.getBoolean(1),
                connection.createArrayOf("text", schemas.toArray()),
                connection.createArrayOf("text", names.toArray()),
                connection.createArrayOf("int4", arguments.toArray()));
    }

    private static String known(String quote, String name) {
        return quote.isEmpty() ? name.toLowerCase(Locale.ROOT) : name;
    }

    /** How many there are from here to the bracket that closes, or {@link #UNKNOWN}. */
    private static int arguments(String code, int from) {
        int depth = 0;
        int commas = 0;
        for (int at = from; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == '\'' || c == '"' || c == '$') {
                at = c == '$' ? -1 : code.indexOf(c, at + 1);
                if (at < 0) {
                    return UNKNOWN;
                }
            } else if (c == ')' && depth == 0) {
                return code.substring(from, at).isBlank() ? 0 : commas + 1;
            } else if (c == ',' && depth == 0) {
                commas++;
            } else {
                depth += "([".indexOf(c) >= 0 ? 1 : ")]".indexOf(c) >= 0 ? -1 : 0;
            }
        }
        return UNKNOWN;
    }
}
