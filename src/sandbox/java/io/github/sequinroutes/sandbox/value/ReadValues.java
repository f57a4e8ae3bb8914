package io.github.sequinroutes.sandbox.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON of values in the reads of a backfill, which is another than that of changes, and null for those types that
 * they cannot carry.
 */
public final class ReadValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NOT_CARRIED =
            Set.of("money", "bpchar", "bit", "varbit", "xml", "inet", "cidr", "macaddr", "point");
    private static final Pattern PAIR =
            Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"=>(?:NULL|\"((?:[^\"\\\\]|\\\\.)*)\")", Pattern.DOTALL);
    private static final Pattern LEXEME = Pattern.compile("'((?:[^']|'')*)'", Pattern.DOTALL);
    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    private final ChangeValues changes = new ChangeValues();

    /** Whether null says nothing about a value of this type. */
    public static boolean isCarried(PgType type) {
        return type.element() == null
                ? !NOT_CARRIED.contains(type.name()) && "rmc".indexOf(type.kind()) < 0
                : isCarried(type.element()) && type.element().kind() != 'e';
    }

    /**
     * The JSON of a value in PostgreSQL's text form, of null for null.
     *
     * @param modifier the column's {@code atttypmod}: for times their digits after the second, or -1
     */
    public JsonNode of(PgType type, int modifier, String text) {
        if (text == null || !isCarried(type)) {
            return NODES.nullNode();
        }
        if (type.element() != null) {
            return array(type.element(), modifier, ArrayText.parse(text));
        }
        int digits = modifier < 0 ? 6 : modifier;
        return switch (type.name()) {
            case "float4", "float8" -> floating(type, text);
            case "date" -> NODES.textNode(date(text));
            case "timestamp" -> NODES.textNode(timestamp(text, digits, ""));
            case "timestamptz" -> NODES.textNode(timestamp(text, digits, "Z"));
            case "time", "timetz" -> NODES.textNode(time(text, digits));
            case "hstore" -> hstore(text);
            case "tsvector" -> tsvector(text);
            default -> changes.of(type, text);
        };
    }

    private ArrayNode array(PgType element, int modifier, List<?> values) {
        ArrayNode array = NODES.arrayNode();
        for (Object value : values) {
            array.add(
                    value instanceof List<?> nested
                            ? array(element, modifier, nested)
                            : of(element, modifier, (String) value));
        }
        return array;
    }

    private static JsonNode floating(PgType type, String text) {
        return switch (text) {
            case "NaN" -> NODES.textNode(text);
            case "Infinity" -> NODES.textNode("inf");
            case "-Infinity" -> NODES.textNode("-inf");
            // a float4 comes in its four bytes, and its double has other digits
            default ->
                NODES.numberNode(type.name().equals("float4") ? Float.parseFloat(text) : Double.parseDouble(text));
        };
    }

    private static String date(String text) {
        TimestampText parts = TimestampText.of(text);
        if (parts != null) {
            return TimestampText.format(parts.inUtc().toLocalDate());
        }
        // days since 2000 in their four bytes, which are not looked at
        return TimestampText.format(EPOCH.plusDays(text.startsWith("-") ? Integer.MIN_VALUE : Integer.MAX_VALUE));
    }

    private static String timestamp(String text, int digits, String zone) {
        TimestampText parts = TimestampText.of(text);
        if (parts == null) {
            return text.startsWith("-") ? "-inf" : "inf";
        }
        OffsetDateTime utc = parts.inUtc();
        return TimestampText.format(utc.toLocalDate()) + "T" + TimestampText.format(utc.toLocalTime(), digits) + zone;
    }

    private static String time(String text, int digits) {
        if (text.startsWith("24")) {
            throw new IllegalArgumentException("The real server cannot read the time 24:00:00 in a backfill");
        }
        LocalTime time = TimestampText.of(text).inUtc().toLocalTime();
        return TimestampText.format(time, digits);
    }

    private static JsonNode hstore(String text) {
        ObjectNode object = NODES.objectNode();
        Matcher pair = PAIR.matcher(text);
        while (pair.find()) {
            object.put(unescape(pair.group(1)), pair.group(2) == null ? null : unescape(pair.group(2)));
        }
        return object;
    }

    private static String unescape(String text) {
        return text.replaceAll("(?s)\\\\(.)", "$1");
    }

    private static JsonNode tsvector(String text) {
        ArrayNode lexemes = NODES.arrayNode();
        Matcher lexeme = LEXEME.matcher(text);
        while (lexeme.find()) {
            ObjectNode object = lexemes.addObject().put("type", "lexeme");
            object.putArray("positions");
            object.put("word", lexeme.group(1).replace("''", "'"));
        }
        return lexemes;
    }
}
