package io.github.sequinroutes.sandbox.value;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times in PostgreSQL's ISO text form, taken apart. */
final class TimestampText {
    private static final Pattern FORM = Pattern.compile("(?:(\\d{4,})-(\\d\\d)-(\\d\\d))? ?"
            + "(?:(\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?)([+-]\\d\\d(?::\\d\\d(?::\\d\\d)?)?)?)?( BC)?");

    private final Matcher parts;

    private TimestampText(Matcher parts) {
        this.parts = parts;
    }

    /** Its parts, or null if it has another form, as infinities have. */
    static TimestampText of(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches() ? new TimestampText(parts) : null;
    }

    /** Whether the year is one from 0001 to 9999. */
    boolean isPlain() {
        return parts.group(6) == null && parts.group(1).length() == 4;
    }

    /** Moves it to UTC, if it says where it is. A year before 1 is 0 or negative. */
    OffsetDateTime inUtc() {
        LocalDate date = parts.group(1) == null ? LocalDate.EPOCH : date();
        LocalTime time = parts.group(4) == null ? LocalTime.MIDNIGHT : LocalTime.parse(parts.group(4));
        ZoneOffset zone = parts.group(5) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(5));
        return OffsetDateTime.of(date, time, zone).withOffsetSameInstant(ZoneOffset.UTC);
    }

    private LocalDate date() {
        int year = Integer.parseInt(parts.group(1));
        return LocalDate.of(
                parts.group(6) == null ? year : 1 - year,
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)));
    }

    /** A date as the server writes it: the year with four digits or more, and a sign only if it is negative. */
    static String format(LocalDate date) {
        int year = date.getYear();
        return "%s%04d-%02d-%02d"
                .formatted(year < 0 ? "-" : "", Math.abs(year), date.getMonthValue(), date.getDayOfMonth());
    }

    /** A time as the server writes it, with so many digits after the second. */
    static String format(LocalTime time, int digits) {
        String whole = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
        String micros = "%06d".formatted(time.get(ChronoField.MICRO_OF_SECOND));
        return digits == 0 ? whole : whole + "." + micros.substring(0, digits);
    }
}
