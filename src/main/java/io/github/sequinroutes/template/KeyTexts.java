package io.github.sequinroutes.template;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;

/** One text for all the texts of a value that PostgreSQL takes for equal. What is not as expected stays as it is. */
final class KeyTexts {
    private static final int MAX_DIGITS = 100;

    private KeyTexts() {}

    /** {@code 1.50} as {@code 1.5}, and {@code 1e2} as {@code 100}. */
    static String number(String text) {
        try {
            BigDecimal number = new BigDecimal(text).stripTrailingZeros();
            // as a plain string it could have a billion digits
            return Math.abs((long) number.scale()) < MAX_DIGITS ? number.toPlainString() : number.toString();
        } catch (NumberFormatException noFiniteNumber) {
            return text;
        }
    }

    /** {@code 21:37:00.000000} as {@code 21:37}. */
    static String time(String text) {
        try {
            return LocalTime.parse(text).toString();
        } catch (DateTimeException withZone) {
            return text;
        }
    }

    /** {@code 2024-10-28T21:37:01.500000Z} as {@code 2024-10-28T21:37:01.500Z}. */
    static String timestamp(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant().toString();
        } catch (DateTimeException noZone) {
            return localTimestamp(text);
        }
    }

    private static String localTimestamp(String text) {
        try {
            return LocalDateTime.parse(text).toString();
        } catch (DateTimeException infinite) {
            return text;
        }
    }

    /** Letters that every collation folds. */
    static String caseless(String text) {
        StringBuilder folded = new StringBuilder(text);
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            folded.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
        }
        return folded.toString();
    }
}
