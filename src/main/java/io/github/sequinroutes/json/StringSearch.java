package io.github.sequinroutes.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for certain bytes, eight at a time: most of a record is strings. */
final class StringSearch {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long HIGHEST_BITS = ONES << 7;

    private StringSearch() {}

    /** Where the next quote or backslash is, or else the limit: the end of a JSON string, or its next escape. */
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

    /** Whether all are ASCII. */
    static boolean isAscii(byte[] bytes, int from, int limit) {
        int i = from;
        while (i + Long.BYTES <= limit && ((long) EIGHT_BYTES.get(bytes, i) & HIGHEST_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < limit && bytes[i] >= 0) {
            i++;
        }
        return i == limit;
    }

    /** Whether one of eight bytes is 0. */
    private static boolean hasZero(long eight) {
        return ((eight - ONES) & ~eight & HIGHEST_BITS) != 0;
    }
}
