package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds lines that no parser explains: with what looks like a blank in an editor, or left behind by a merge. */
final class OddLines {
    private static final Pattern ODD_BLANK = Pattern.compile("(?m)^[ \\t-]*([\u00a0\u2000-\u200b\u202f\u3000\ufeff])");
    private static final Pattern CONFLICT = Pattern.compile("(?m)^(<{7} )");

    private OddLines() {}

    /** Reports each; returns whether there is one. */
    static boolean report(CollectionFile file, YamlText yaml) {
        boolean hasBlanks =
                report(file, yaml, ODD_BLANK, "the character U+%04X stands in the indentation; write a blank");
        boolean hasConflicts = report(
                file,
                yaml,
                CONFLICT,
                "a merge left both versions here; keep one, and leave out the lines with <<<, === and >>>");
        return hasBlanks || hasConflicts;
    }

    private static boolean report(CollectionFile file, YamlText yaml, Pattern pattern, String text) {
        Matcher odd = pattern.matcher(file.text());
        boolean found = false;
        while (odd.find()) {
            found = true;
            String before = file.text().substring(0, odd.start(1));
            yaml.add(new Problem(
                    file.location(),
                    1 + (int) before.chars().filter(c -> c == '\n').count(),
                    before.length() - before.lastIndexOf('\n'),
                    false,
                    text.formatted((int) odd.group(1).charAt(0))));
        }
        return found;
    }
}
