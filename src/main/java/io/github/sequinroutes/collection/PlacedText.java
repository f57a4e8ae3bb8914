package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads problems that others have written down as {@code file:line:column: text}. */
public final class PlacedText {
    private static final Pattern FORM = Pattern.compile("(.+?):(\\d{1,9}):(\\d{1,9}): (.*)", Pattern.DOTALL);

    private PlacedText() {}

    /** The problem in such a text; one without a place is at the beginning of the file {@code otherwise}. */
    public static Problem read(String text, String otherwise) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new Problem(
                        form.group(1),
                        Integer.parseInt(form.group(2)),
                        Integer.parseInt(form.group(3)),
                        false,
                        form.group(4))
                : new Problem(otherwise, 1, 1, false, text);
    }
}
