package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidTextException;

/** Text that PostgreSQL can hold. */
final class Text {
    private Text() {}

    /**
     * The same text.
     *
     * @throws InvalidTextException if it holds half of a surrogate pair: the driver would silently write a ? instead
     */
    static String checked(String text) throws InvalidTextException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    throw new InvalidTextException("a text holds half of a surrogate pair, which UTF-8 cannot express");
                }
                i++;
            }
        }
        return text;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
    }
}
