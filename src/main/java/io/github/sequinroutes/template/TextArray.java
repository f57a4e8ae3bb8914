package io.github.sequinroutes.template;

import java.nio.ByteBuffer;
import java.util.List;

/** An array of texts in PostgreSQL's binary form, in which nothing is quoted: the values go into it as they stand. */
final class TextArray {
    /** The OID of type {@code text[]}. */
    static final int TYPE = 1009;

    private static final int TYPE_OF_ELEMENTS = 25;
    private static final int DIMENSIONS = 1;
    private static final int MAY_HAVE_NULLS = 1;
    private static final int FIRST = 1;
    private static final int HEADER = 5 * Integer.BYTES;

    private TextArray() {}

    /**
     * That of the values of one parameter.
     *
     * @throws ArithmeticException if they have more than 2 GB
     */
    static byte[] of(List<PathValues> records, int parameter) {
        int[] sizes = new int[records.size()];
        int length = HEADER;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = records.get(i).sizeOf(parameter);
            length = Math.addExact(length, Integer.BYTES + Math.max(0, sizes[i]));
        }
        byte[] array = new byte[length];
        ByteBuffer out = ByteBuffer.wrap(array);
        out.putInt(DIMENSIONS)
                .putInt(MAY_HAVE_NULLS)
                .putInt(TYPE_OF_ELEMENTS)
                .putInt(sizes.length)
                .putInt(FIRST);
        for (int i = 0; i < sizes.length; i++) {
            out.putInt(sizes[i]); // of NULL it is -1
            if (sizes[i] >= 0) {
                out.position(records.get(i).put(parameter, array, out.position()));
            }
        }
        return array;
    }
}
