package io.github.sequinroutes.collection;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Reads the text of a user's file, which must be UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** A file that is not UTF-8: where that shows first, and as what it was probably saved. */
    static final class NotUtf8Exception extends Exception {
        final int line;
        final int column;

        NotUtf8Exception(String before, String problem) {
            super(problem);
            line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            String start = before.substring(before.lastIndexOf('\n') + 1);
            column = 1 + start.codePointCount(0, start.length());
        }
    }

    /**
     * The text of these bytes, without the mark that some editors write before it.
     *
     * @throws NotUtf8Exception with the place of the first byte that is not UTF-8
     */
    static String text(byte[] bytes) throws NotUtf8Exception {
        if (isUtf16(bytes)) {
            throw new NotUtf8Exception("", "is not UTF-8, but UTF-16; save the file as UTF-8");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (result.isError()) {
            int bad = bytes[in.position()] & 0xff;
            String character = new String(new byte[] {(byte) bad}, StandardCharsets.ISO_8859_1);
            throw new NotUtf8Exception(
                    text,
                    "is not UTF-8: the byte 0x%02X".formatted(bad)
                            + (bad >= 0xa0 ? ", which is " + character + " in ISO-8859-1" : "")
                            + "; save the file as UTF-8");
        }
        return text;
    }

    /** Whether it begins as UTF-16 does: with a mark, or with two characters of ASCII. */
    private static boolean isUtf16(byte[] bytes) {
        if (bytes.length < 4) {
            return false;
        }
        int mark = ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
        boolean hasMark = mark == 0xfeff || mark == 0xfffe;
        boolean isBigEndian = bytes[0] == 0 && bytes[1] != 0 && bytes[2] == 0 && bytes[3] != 0;
        boolean isLittleEndian = bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0;
        return hasMark || isBigEndian || isLittleEndian;
    }
}
