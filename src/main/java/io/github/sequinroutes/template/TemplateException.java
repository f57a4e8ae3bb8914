package io.github.sequinroutes.template;

/** A template that cannot be used: the message says what is wrong, in which file, at which line and column. */
public final class TemplateException extends RuntimeException {
    TemplateException(String file, String text, int position, String problem) {
        super("%s:%d:%d: %s".formatted(file, line(text, position), column(text, position), problem));
    }

    private static long line(String text, int position) {
        return 1 + text.substring(0, position).chars().filter(c -> c == '\n').count();
    }

    private static int column(String text, int position) {
        return position - text.lastIndexOf('\n', position - 1);
    }
}
