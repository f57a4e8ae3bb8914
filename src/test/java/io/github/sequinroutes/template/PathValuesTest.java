package io.github.sequinroutes.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to the server as it stands in a message is what its text would be. */
class PathValuesTest {
    private static final int VALUES = 3_000;

    /** Of strings; some are not JSON, or not UTF-8, and are sent by somebody all the same. */
    private static final List<byte[]> PIECES = List.of(
            utf8("a"),
            utf8("text of more than eight bytes"),
            utf8("é"),
            utf8("😀"),
            utf8("\\n"),
            utf8("\\\""),
            utf8("\\\\"),
            utf8("\\u0000"),
            utf8("\\u00e4"),
            utf8("\\ud83d\\ude00"),
            utf8("\\ud83d"),
            utf8("\\x"),
            utf8("{1,\\\"2\\\"}"),
            utf8("\uFFFD"),
            utf8("\t\r\n\0"),
            utf8("2024-01-02"),
            utf8("0044-03-15 BC"),
            new byte[] {(byte) 0xe4},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});

    private static final List<String> SCALARS =
            List.of("null", "true", "0", "-1", "12345678901234567890123", "1.50", "1e-7", "NaN");

    private final Random random = new Random();

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private void append(ByteArrayOutputStream json, int depth) {
        switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 ->
                json.writeBytes(SCALARS.get(random.nextInt(SCALARS.size())).getBytes(UTF_8));
            case 1, 2, 3 -> appendString(json);
            case 4 -> {
                json.write('[');
                int count = random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    json.writeBytes(i == 0 ? new byte[0] : utf8(" , "));
                    append(json, depth - 1);
                }
                json.write(']');
            }
            default -> {
                json.writeBytes("{\"days\": 1, \"x\":".getBytes(UTF_8));
                append(json, depth - 1);
                json.write('}');
            }
        }
    }

    private void appendString(ByteArrayOutputStream json) {
        json.write('"');
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            json.writeBytes(PIECES.get(random.nextInt(PIECES.size())));
        }
        json.write('"');
    }

    private static ParameterKind kind(ValueType type, boolean isArray) {
        return new ParameterKind(isArray, type, true, SetType.TEXT);
    }

    /** As it was before anything was left in the message: an oracle of strings. */
    private static String text(byte[] json, ValueType type, boolean isArray)
            throws IOException, InvalidStringException {
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        int first = scanner.peek();
        if (isArray && first == '[') {
            return ArrayLiteral.of(scanner, type);
        }
        scanner.skipValue();
        return first == 'n' ? null : (isArray ? ValueType.TEXT : type).text(scanner, 0, first);
    }

    /** The text of the one value that a set would send, or why there is none. */
    private static String sent(Message message, List<String> path, ValueType type, boolean isArray) {
        try {
            PathValues values =
                    new RecordPaths(List.of(path), new ParameterKind[] {kind(type, isArray)}).valuesOf(message);
            String before = text(TextArray.of(List.of(values), 0));
            assertEquals(before, values.texts()[0]);
            assertEquals(before, text(TextArray.of(List.of(values, values), 0)));
            return before;
        } catch (InvalidStringException | RuntimeException e) {
            return "fails: " + e;
        }
    }

    /** The text of the last element of an array in PostgreSQL's binary form. */
    private static String text(byte[] array) {
        ByteBuffer in = ByteBuffer.wrap(array, 12, array.length - 12);
        int count = in.getInt();
        in.getInt();
        String text = null;
        for (int i = 0; i < count; i++) {
            int size = in.getInt();
            text = size < 0 ? null : new String(array, in.position(), size, UTF_8);
            in.position(in.position() + Math.max(0, size));
        }
        assertEquals(0, in.remaining());
        return text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"consume", "stream"})
    void anyValueOfAnyType(String api) throws Exception {
        long seed = Long.getLong("path-values.seed", System.nanoTime());
        random.setSeed(seed);
        boolean isStream = api.equals("stream");
        MessageFormat format = SequinApi.of(api).format();
        for (int i = 0; i < VALUES; i++) {
            ByteArrayOutputStream json = new ByteArrayOutputStream();
            append(json, 3);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(
                    ("{\"" + format.recordField() + "\": {\"" + format.dataField() + "\": {\"v\":").getBytes(UTF_8));
            bytes.writeBytes(json.toByteArray());
            bytes.writeBytes("}}}".getBytes(UTF_8));
            Message message = StoredMessages.read(bytes.toByteArray(), format);
            for (ValueType type : ValueType.values()) {
                for (boolean isArray : new boolean[] {false, true}) {
                    String expected;
                    try {
                        expected = text(json.toByteArray(), isStream ? type : type.ofPlainJson(), isArray);
                    } catch (InvalidStringException | RuntimeException e) {
                        expected = "fails: " + e;
                    }
                    assertEquals(
                            expected,
                            sent(message, List.of(format.dataField(), "v"), type, isArray),
                            () -> "seed " + seed + ", " + type + (isArray ? "[]" : "") + " of " + json.toString(UTF_8));
                }
            }
        }
    }

    /** Of two fields with one name the last counts, and of the first nothing is left. */
    @Test
    void theLastOfTwo() throws Exception {
        Message message = StoredMessages.read(
                "{\"record\": {\"data\": {\"v\": {\"w\": \"as it stands\"}, \"v\": null}}}".getBytes(UTF_8),
                SequinApi.of("consume").format());
        assertEquals(null, sent(message, List.of("data", "v", "w"), ValueType.TEXT, false));
    }
}
