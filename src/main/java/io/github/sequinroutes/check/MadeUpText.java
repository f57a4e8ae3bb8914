package io.github.sequinroutes.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The texts of made-up records, and above all their keys, which can look like those of most services. */
final class MadeUpText {
    /** From here on keys look like those of strangers: long, with nothing in common. */
    static final int FIRST_STRANGER = 1_000;

    /** From here on they have 18 characters, of which most are the same: {@code recordnumber002001}. */
    static final int FIRST_ALIKE = 2_000;

    /** The number of a record whose keys have hyphens: {@code made-up-3000}. */
    static final int HYPHENED = 3_000;

    /** From here on they differ in all but how they end, in {@link #ENDING}. */
    static final int FIRST_ENDING = 4_000;

    /** This and the next have IDs that differ in capitals only. */
    static final int FIRST_CASE = 5_000;

    /** From here on IDs have the same {@link #DIGITS}, among other letters. */
    static final int FIRST_LETTERS = 6_000;

    /** What those begin with that are alike. */
    static final String COMMON = "recordnumber";

    /** What those end in that end alike. */
    static final String ENDING = "endingxy";

    static final String CAPITALS = "MadeUpId";

    static final String DIGITS = "1478";

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
        boolean isId = path.get(path.size() - 1).toLowerCase(Locale.ROOT).endsWith("id");
        if (number >= FIRST_LETTERS && isId) {
            char letter = (char) ('a' + number - FIRST_LETTERS);
            return "%1$s1%1$sx4y7%1$sz8".formatted(letter);
        } else if (number >= FIRST_CASE && isId) {
            return number == FIRST_CASE ? CAPITALS : "mADEuPid";
        } else if (number >= FIRST_ENDING && number < FIRST_CASE) {
            // of different lengths: a beginning may well be left out
            return hex(number).replace("-", "").substring(0, 12 + number - FIRST_ENDING) + ENDING;
        } else if (number >= FIRST_ALIKE) {
            return "%s%06d".formatted(COMMON, number);
        }
        String digits = hex(number);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SEPARATORS.length(); i++) {
            text.append(digits, 4 * i, 4 * i + 4).append(SEPARATORS.charAt(i));
        }
        return text.toString();
    }

    private static String hex(int number) {
        return UUID.nameUUIDFromBytes(String.valueOf(number).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
