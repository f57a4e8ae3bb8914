package io.github.sequinroutes.check;

import io.github.sequinroutes.template.TemplateToken;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds paths that lead nowhere, whatever the record. */
final class PathCheck {
    private static final Pattern MIXED =
            Pattern.compile("\\p{IsLatin}[\\p{IsCyrillic}\\p{IsGreek}]|[\\p{IsCyrillic}\\p{IsGreek}]\\p{IsLatin}");

    private PathCheck() {}

    /**
     * Reports each; only as a warning where a step of the route may have added the field. Returns whether none of them may
     * be meant as the version.
     */
    static boolean run(SqlStatement statement, Paths paths, boolean hasSteps, Findings findings) {
        boolean isVersionKnown = true;
        for (TemplateToken token : statement.tokens()) {
            String problem = token.path() == null ? null : paths.problem(token.path(), token.text());
            if (problem != null) {
                findings.report(!hasSteps, Finding.UNKNOWN_PATH, token.start(), problem);
            } else if (token.path() != null) {
                checkAlphabets(token, findings);
            }
            isVersionKnown &= problem == null
                    || paths.version().stream()
                            .noneMatch(path -> problem.endsWith(" :#" + String.join(".", path) + "?"));
        }
        return isVersionKnown;
    }

    /** Warns of a name with a letter that looks like one of the others, and is of another alphabet. */
    private static void checkAlphabets(TemplateToken path, Findings findings) {
        Matcher mixed = MIXED.matcher(path.text());
        if (mixed.find()) {
            String letter = mixed.group().replaceAll("[\\p{IsLatin}]", "");
            findings.warning(
                    Finding.UNKNOWN_PATH,
                    path.start(),
                    "%s has letters of two alphabets in one name, %s (U+%04X) among Latin ones; write it anew"
                            .formatted(path.text(), letter, letter.codePointAt(0)));
        }
    }
}
