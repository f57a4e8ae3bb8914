package io.github.sequinroutes.sandbox.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads PostgreSQL's text form of an interval, such as {@code 1 year 2 mons -3 days 04:05:06.789}. */
final class IntervalText {
    private static final Pattern UNIT = Pattern.compile("([+-]?\\d+) (year|mon|day)");
    private static final Pattern TIME = Pattern.compile("([+-]?)(\\d+):(\\d\\d):(\\d\\d(?:\\.\\d+)?)");

    private IntervalText() {}

    /** The same as months, days and microseconds. */
    static JsonNode parse(String text) {
        long months = 0;
        long days = 0;
        Matcher unit = UNIT.matcher(text);
        while (unit.find()) {
            long count = Long.parseLong(unit.group(1));
            switch (unit.group(2)) {
                case "year" -> months += 12 * count;
                case "mon" -> months += count;
                default -> days += count;
            }
        }
        Matcher time = TIME.matcher(text);
        return JsonNodeFactory.instance
                .objectNode()
                .put("days", days)
                .put("microseconds", time.find() ? micros(time) : 0)
                .put("months", months);
    }

    private static long micros(Matcher time) {
        long seconds = Long.parseLong(time.group(2)) * 3600 + Long.parseLong(time.group(3)) * 60;
        long micros = seconds * 1_000_000
                + new BigDecimal(time.group(4)).movePointRight(6).longValueExact();
        return time.group(1).equals("-") ? -micros : micros;
    }
}
