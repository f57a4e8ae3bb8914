package io.github.sequinroutes.deadletter;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Text as UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** Whether PostgreSQL can hold the bytes as text: they are valid, and none is 0. Needs little memory. */
    static boolean isText(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(8 * 1024);
        CoderResult result;
        do {
            result = decoder.decode(in, out, true);
            out.flip();
            while (out.hasRemaining()) {
                if (out.get() == 0) {
                    return false;
                }
            }
            out.clear();
        } while (result.isOverflow());
        return !result.isError();
    }
}
