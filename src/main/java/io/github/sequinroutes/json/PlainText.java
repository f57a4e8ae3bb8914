package io.github.sequinroutes.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The part of a JSON text that says what it means: up to its end, or to an escape. */
final class PlainText {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private PlainText() {}

    /** Where the next quote or backslash is, or else the limit. Most of a record is text, so eight bytes at a time. */
    static int end(byte[] bytes, int from, int limit) {
        int i = from;
        while (i + Long.BYTES <= limit) {
            long eight = (long) EIGHT_BYTES.get(bytes, i);
            if (hasZero(eight ^ QUOTES) || hasZero(eight ^ BACKSLASHES)) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < limit && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /** Whether one of eight bytes is 0. */
    private static boolean hasZero(long eight) {
        return ((eight - ONES) & ~eight & (ONES << 7)) != 0;
    }
}
