package io.github.sequinroutes.template;

/** A template that cannot be used: the message says what is wrong, in which file, at which line and column. */
public final class TemplateException extends RuntimeException {
    TemplateException(String file, String text, int position, String problem) {
        super("%s:%d:%d: %s".formatted(file, line(text, position), column(text, position), problem));
    }

    /** The line of a position, from 1 on. */
    static int line(String text, int position) {
        return 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    /** The column of a position in its line, from 1 on. */
    static int column(String text, int position) {
        return position - text.lastIndexOf('\n', position - 1);
    }
}
