package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidStringException;

/** Surrogate pairs of strings, which UTF-8 and so PostgreSQL can only hold whole. */
final class Surrogates {
    private Surrogates() {}

    /**
     * The same string.
     *
     * @throws InvalidStringException if it holds half of a surrogate pair: the driver would silently write a ? instead
     */
    static String requirePaired(String text) throws InvalidStringException {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!isPair(text, i)) {
                    throw new InvalidStringException(
                            "a string holds half of a surrogate pair, which UTF-8 cannot express");
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
