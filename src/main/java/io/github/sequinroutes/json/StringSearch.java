package io.github.sequinroutes.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds the end or the next escape of a JSON string: the hot loop of the scanner. */
final class StringSearch {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private StringSearch() {}

    /** Where the next quote or backslash is, or else the limit. Eight bytes at a time: most of a record is strings. */
    static int quoteOrBackslash(byte[] bytes, int from, int limit) {
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
