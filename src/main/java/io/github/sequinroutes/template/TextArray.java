package io.github.sequinroutes.template;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
        byte[][] elsewhere = new byte[sizes.length][]; // than in their message
        int length = HEADER;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = records.get(i).sizeInMessage(parameter);
            String text = sizes[i] < 0 ? records.get(i).text(parameter) : null;
            if (text != null) {
                elsewhere[i] = text.getBytes(StandardCharsets.UTF_8);
                sizes[i] = elsewhere[i].length;
            }
            length = Math.addExact(length, Integer.BYTES + Math.max(0, sizes[i]));
        }
        ByteBuffer array = ByteBuffer.allocate(length);
        array.putInt(DIMENSIONS)
                .putInt(MAY_HAVE_NULLS)
                .putInt(TYPE_OF_ELEMENTS)
                .putInt(sizes.length)
                .putInt(FIRST);
        for (int i = 0; i < sizes.length; i++) {
            array.putInt(sizes[i]); // of NULL it is -1
            if (elsewhere[i] != null) {
                array.put(elsewhere[i]);
            } else if (sizes[i] >= 0) {
                records.get(i).copyFromMessage(parameter, array.array(), array.position());
                array.position(array.position() + sizes[i]);
            }
        }
        return array.array();
    }
}
