package io.github.sequinroutes.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values as the Stream API writes those of the source, made into what PostgreSQL reads. What is not as expected stays as it
 * is: PostgreSQL then says what is wrong with it.
 */
final class SourceValues {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MICROS_A_HOUR = 3_600_000_000L;
    private static final long MICROS_A_MINUTE = 60_000_000L;
    private static final int DIGITS = 6;

    /** In the calendar of ISO 8601 the year before 1 is 0, and the one before that is -1. */
    private static final Pattern YEAR_BEFORE_1 = Pattern.compile("(-\\d{4,}|0000)(-\\d\\d-\\d\\d.*)");

    /** A backfill takes an infinite date for the days that PostgreSQL writes in its place. */
    private static final String LAST_DATE = date(Integer.MAX_VALUE);

    private static final String FIRST_DATE = date(Integer.MIN_VALUE);

    private SourceValues() {}

    private static String date(int daysSince2000) {
        String date = LocalDate.of(2000, 1, 1).plusDays(daysSince2000).toString();
        return date.startsWith("+") ? date.substring(1) : date;
    }

    /** {@code {"months": 14, "days": 3, "microseconds": 1500000}} in the form of ISO 8601, which no setting changes. */
    static String interval(String json) {
        JsonNode interval = read(json);
        if (interval == null) {
            return json;
        }
        long micros = interval.path("microseconds").asLong();
        long hours = micros / MICROS_A_HOUR;
        long minutes = micros % MICROS_A_HOUR / MICROS_A_MINUTE;
        // each part has its own sign
        BigDecimal seconds = BigDecimal.valueOf(micros % MICROS_A_MINUTE, DIGITS);
        return "P%dM%dDT%dH%dM%sS"
                .formatted(
                        interval.path("months").asLong(),
                        interval.path("days").asLong(),
                        hours,
                        minutes,
                        seconds.toPlainString());
    }

    /** {@code {"a": "1", "b c": null}} as {@code "a"=>"1","b c"=>NULL}. */
    static String hstore(String json) {
        JsonNode hstore = read(json);
        if (hstore == null) {
            return json;
        }
        StringJoiner pairs = new StringJoiner(",");
        for (Map.Entry<String, JsonNode> pair : hstore.properties()) {
            String value = pair.getValue().isNull() ? "NULL" : inQuotes(text(pair.getValue()));
            pairs.add(inQuotes(pair.getKey()) + "=>" + value);
        }
        return pairs.toString();
    }

    private static String inQuotes(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** {@code [{"word": "cat", "positions": [[1, "A"], [3, null]]}]} as {@code 'cat':1A,3}. */
    static String tsvector(String json) {
        JsonNode lexemes = read(json);
        if (lexemes == null) {
            return json;
        }
        StringJoiner all = new StringJoiner(" ");
        for (JsonNode lexeme : lexemes) {
            StringJoiner positions = new StringJoiner(",");
            for (JsonNode position : lexeme.path("positions")) {
                positions.add(position.path(0).asText()
                        + (position.path(1).isTextual() ? position.path(1).asText() : ""));
            }
            String word = lexeme.path("word").asText().replace("\\", "\\\\").replace("'", "''");
            all.add("'" + word + "'" + (positions.length() == 0 ? "" : ":" + positions));
        }
        return all.toString();
    }

    /** A date, as PostgreSQL reads it: {@code -0043-03-15} is {@code 0044-03-15 BC}. */
    static String date(String text) {
        if (text.equals(LAST_DATE)) {
            return "infinity";
        }
        return text.equals(FIRST_DATE) ? "-infinity" : timestamp(text);
    }

    /** A timestamp, as PostgreSQL reads it: {@code inf} is {@code infinity}. */
    static String timestamp(String text) {
        if (text.equals("inf") || text.equals("-inf")) {
            return text + "inity";
        }
        char first = text.isEmpty() ? '1' : text.charAt(0);
        if (first != '-' && first != '0') {
            return text;
        }
        Matcher early = YEAR_BEFORE_1.matcher(text);
        return early.matches() ? "%04d%s BC".formatted(1 - Long.parseLong(early.group(1)), early.group(2)) : text;
    }

    private static String text(JsonNode value) {
        return value.isValueNode() ? value.asText() : value.toString();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
