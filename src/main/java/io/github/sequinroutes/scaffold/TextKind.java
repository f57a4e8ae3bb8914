package io.github.sequinroutes.scaffold;

import io.github.sequinroutes.scaffold.FieldShape.Kind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what a JSON string holds, if PostgreSQL reads that as well. */
final class TextKind {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern DATE_TIME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})"
            + "(?:[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?)(Z|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?)?)?");

    private TextKind() {}

    /** The kind of a text. */
    static Kind of(String text) {
        if (text.isEmpty()) {
            return Kind.EMPTY;
        } else if (UUID.matcher(text).matches()) {
            return Kind.UUID;
        }
        Matcher dateTime = DATE_TIME.matcher(text);
        if (!dateTime.matches() || text.startsWith("0000")) {
            return Kind.TEXT; // PostgreSQL has no year 0
        }
        try {
            LocalDate.parse(dateTime.group(1));
            if (dateTime.group(2) == null) {
                return Kind.DATE;
            }
            LocalTime.parse(dateTime.group(2));
            return dateTime.group(3) == null ? Kind.LOCAL_DATE_TIME : Kind.DATE_TIME;
        } catch (DateTimeException e) {
            return Kind.TEXT; // such as a 30th of February
        }
    }
}
