package io.github.sequinroutes.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes JSON strings. */
final class JsonStrings {
    private static final char REPLACEMENT = '\uFFFD';

    private JsonStrings() {}

    /** The bytes as a string. */
    static String decode(byte[] bytes, int from, int to) throws InvalidStringException {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        // most strings have none of these; one may stand for what is not UTF-8
        if (text.indexOf(REPLACEMENT) >= 0) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from));
            } catch (CharacterCodingException e) {
                throw new InvalidStringException("a string is not UTF-8");
            }
        }
        return text;
    }

    /** The string between these quotes. Like any Java string, it may hold half of a surrogate pair. */
    static String unescape(byte[] bytes, int from, int to) throws InvalidStringException {
        String text = decode(bytes, from, to);
        return text.indexOf('\\') < 0 ? text : unescape(text);
    }

    private static String unescape(String text) throws InvalidStringException {
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

    private static char hexadecimal(String text, int from) throws InvalidStringException {
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw new InvalidStringException("a string holds \\u without four hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    private static char escape(char c) throws InvalidStringException {
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw new InvalidStringException("a string holds \\" + c + ", which JSON does not know");
        };
    }
}
