package io.github.sequinroutes.deadletter;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text that PostgreSQL can hold: what it cannot is written as JSON would escape it. */
final class Storable {
    private static final int CHUNK = 8 * 1024;

    private Storable() {}

    /** The text with U+0000 and the halves of surrogate pairs escaped; null is null. */
    static String text(String text) {
        if (text == null) {
            return null;
        }
        StringBuilder storable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
                storable.append("\\u").append(HexFormat.of().toHexDigits((char) c));
            } else {
                storable.appendCodePoint(c);
            }
        });
        return storable.toString();
    }

    /** UTF-8 with U+0000 escaped, and U+FFFD where it is not UTF-8. In small parts: a message may be large. */
    static byte[] utf8(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(CHUNK);
        ByteArrayOutputStream storable = new ByteArrayOutputStream(bytes.length + CHUNK);
        CoderResult result;
        do {
            result = decoder.decode(in, out, true); // never only one half of a pair
            storable.writeBytes(text(out.flip().toString()).getBytes(StandardCharsets.UTF_8));
            out.clear();
        } while (result.isOverflow());
        return storable.toByteArray();
    }
}
