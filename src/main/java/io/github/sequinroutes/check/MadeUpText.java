package io.github.sequinroutes.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The texts of made-up records, and above all their keys, which can look like those of most services. */
final class MadeUpText {
    /** From here on keys look like those of strangers: long, with nothing in common. */
    static final int FIRST_STRANGER = 1_000;

    /** From here on they have 18 characters, of which most are the same: {@code recordnumber002001}. */
    static final int FIRST_ALIKE = 2_000;

    /** The number of a record whose keys have hyphens: {@code made-up-3000}. */
    static final int HYPHENED = 3_000;

    /** What those begin with that are alike. */
    static final String COMMON = "recordnumber";

    /** What IDs are joined by, of which a template may want a part. */
    private static final String SEPARATORS = ":_./|#~ ";

    private MadeUpText() {}

    /** The text of a path. It is short, lest a column be too narrow, and of another path most likely another. */
    static String of(List<String> path, int number) {
        if (number < FIRST_STRANGER) {
            return (char) ('a' + Math.floorMod(path.hashCode(), 26)) + String.valueOf(number);
        }
        if (number == HYPHENED) {
            return "made-up-" + number;
        }
        if (number >= FIRST_ALIKE) {
            return "%s%06d".formatted(COMMON, number);
        }
        String digits = UUID.nameUUIDFromBytes(String.valueOf(number).getBytes(StandardCharsets.UTF_8))
                .toString();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SEPARATORS.length(); i++) {
            text.append(digits, 4 * i, 4 * i + 4).append(SEPARATORS.charAt(i));
        }
        return text.toString();
    }
}
