package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.Map;

/** The functions and operators of other databases and languages, and what PostgreSQL has for them. */
final class ForeignWords {
    private static final String COALESCE = "coalesce(a, b)";
    private static final String CASE = "case when a then b else c end";
    private static final String JSON = "a path such as :#data.customer.name";

    private static final Map<String, String> FUNCTIONS = Map.ofEntries(
            Map.entry("ifnull", COALESCE),
            Map.entry("nvl", COALESCE),
            Map.entry("isnull", COALESCE),
            Map.entry("if", CASE),
            Map.entry("iif", CASE),
            Map.entry("decode", CASE),
            Map.entry("getdate", "now()"),
            Map.entry("sysdate", "now()"),
            Map.entry("utc_timestamp", "now()"),
            Map.entry("len", "length(a)"),
            Map.entry("charindex", "strpos(a, b)"),
            Map.entry("instr", "strpos(a, b)"),
            Map.entry("group_concat", "string_agg(a, ',')"),
            Map.entry("from_unixtime", "to_timestamp(a)"),
            Map.entry("str_to_date", "to_date(a, 'YYYY-MM-DD')"),
            Map.entry("date_format", "to_char(a, 'YYYY-MM-DD')"),
            Map.entry("uuid", "gen_random_uuid()"),
            Map.entry("json_extract", JSON),
            Map.entry("json_value", JSON));

    /** By their characters: what is written instead. */
    private static final Map<String, String> OPERATORS = Map.of(
            "!", "; write not instead of !",
            "&&", "; write and instead of &&",
            "||", "; write or instead of ||",
            "+", "; texts are joined by ||, and numbers need a type, such as :#data.amount::numeric",
            "<=>", "; write is not distinct from instead of <=>");

    private static final String REFUSED = ".*operator (does not exist|is not unique): .*";

    private ForeignWords() {}

    /** What PostgreSQL has for a function, or null. */
    static String function(String name) {
        return FUNCTIONS.get(name);
    }

    /** What to write instead of an operator at a token, which PostgreSQL does not know for these values; or null. */
    static String operator(SqlStatement statement, int token, String reason) {
        if (!reason.matches("(?s)" + REFUSED)) {
            return null;
        }
        for (int at = 0; at + 2 < statement.tokens().size(); at++) {
            TemplateToken path = statement.tokens().get(at);
            boolean isArrow = path.path() != null && statement.is(at + 1, "-") && statement.is(at + 2, ">");
            if (isArrow && reason.contains("->")) {
                return "; a path leads into JSON by itself: write " + path.text() + ".name instead of -> 'name'";
            }
        }
        StringBuilder operator = new StringBuilder();
        for (int at = token;
                statement.text(at).matches("[-+*/<>=~!@#%^&|`?]") && (at == token || statement.touches(at - 1));
                at++) {
            operator.append(statement.text(at));
        }
        return OPERATORS.get(operator.toString());
    }
}
