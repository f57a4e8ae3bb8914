package io.github.sequinroutes.failure;

/**
 * Text from elsewhere in a form that can be printed: it cannot begin a new line of a log, nor drive a terminal, nor fill
 * a disk.
 */
public final class Printable {
    private static final int MAX_CHARACTERS = 2_000;

    private Printable() {}

    /** The text with its control characters escaped; the rest of a very long one is only counted. */
    public static String of(String text) {
        if (text.length() <= MAX_CHARACTERS) {
            return line(text);
        }
        int end = MAX_CHARACTERS - (Character.isHighSurrogate(text.charAt(MAX_CHARACTERS - 1)) ? 1 : 0);
        return line(text.substring(0, end)) + "... (cut, of " + text.length() + " characters)";
    }

    /** The whole text as one line, with its control characters escaped. */
    public static String line(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> printable.append("\\n");
                case '\r' -> printable.append("\\r");
                case '\t' -> printable.append("\\t");
                default -> {
                    if (isPlain(c)) {
                        printable.appendCodePoint(c);
                    } else {
                        printable.append("\\u%04x".formatted(c));
                    }
                }
            }
        });
        return printable.toString();
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            // characters that change the direction of writing can disguise a text
            case Character.FORMAT -> !((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069));
            default -> true;
        };
    }
}
