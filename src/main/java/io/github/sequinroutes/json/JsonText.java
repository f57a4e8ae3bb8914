package io.github.sequinroutes.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes the texts in JSON. */
final class JsonText {
    private static final char REPLACEMENT = '\uFFFD';

    private JsonText() {}

    /** The text that these bytes are. */
    static String received(byte[] bytes, int from, int to) throws InvalidTextException {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        // most texts have none of these; where there is one, it may stand for what is not UTF-8
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
            } catch (CharacterCodingException e) {
                throw new InvalidTextException("a text is not UTF-8");
            }
        }
        return text;
    }

    /** The text between these quotes. Like Java's own texts, it may hold half of a surrogate pair. */
    static String unescaped(byte[] bytes, int from, int to) throws InvalidTextException {
        String text = received(bytes, from, to);
        return text.indexOf('\\') < 0 ? text : unescaped(text);
    }

    private static String unescaped(String text) throws InvalidTextException {
        StringBuilder unescaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                unescaped.append(c);
                continue;
            }
            c = text.charAt(++i);
            if (c == 'u') {
                unescaped.append(hexadecimal(text, i + 1));
                i += 4;
            } else {
                unescaped.append(escape(c));
            }
        }
        return unescaped.toString();
    }

    private static char hexadecimal(String text, int from) throws InvalidTextException {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw new InvalidTextException("a text holds \\u without four hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private static char escape(char c) throws InvalidTextException {
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new InvalidTextException("a text holds \\" + c + ", which JSON does not know");
        };
    }
}
