package io.github.sequinroutes.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    /** A stream that gives as little at a time as a network may. */
    private static InputStream slow(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int wanted) {
                return super.read(target, offset, Math.min(wanted, 1 + random.nextInt(40)));
            }
        };
    }

    private static JsonScanner scanner(String json) {
        byte[] bytes = ("xx" + json + "yy").getBytes(StandardCharsets.UTF_8);
        return new JsonScanner(bytes, 2, bytes.length - 2);
    }

    private static FieldNames<String> namesIn(JsonNode tree) {
        Map<String, String> names = new HashMap<>();
        addNames(tree, names);
        return new FieldNames<>(names, "a name that is not there");
    }

    private static void addNames(JsonNode tree, Map<String, String> names) {
        tree.fieldNames().forEachRemaining(name -> names.put(name, name));
        tree.forEach(child -> addNames(child, names));
    }

    private static JsonNode read(JsonScanner json, FieldNames<String> names) throws Exception {
        int first = json.peek();
        if (first == '{') {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            json.beginObject();
            while (json.hasNext('}')) {
                String name = json.selectName(names);
                object.set(name, read(json, names));
            }
            return object;
        }
        if (first == '[') {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            json.beginArray();
            while (json.hasNext(']')) {
                array.add(read(json, names));
            }
            return array;
        }
        long from = json.position();
        json.skipValue();
        String text = json.scalar(from);
        return first == '"' ? JsonNodeFactory.instance.textNode(text) : JACKSON.readTree(text);
    }

    @Test
    void readsWhatJacksonReads() throws Exception {
        long seed = System.nanoTime();
        System.out.println("JsonScannerTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            String json = new RandomJson(random).value(4);
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            JsonScanner scanner = new JsonScanner(slow(bytes, random));
            JsonNode expected = JACKSON.readTree(json);
            assertEquals(expected, read(scanner, namesIn(expected)), json);
            scanner.endDocument();
        }
    }

    @Test
    void skipsWhatItReadsAndKeepsItAsReceived() throws Exception {
        long seed = System.nanoTime();
        System.out.println("JsonScannerTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String[] values = random.ints(random.nextInt(50), 1, 5)
                    .mapToObj(depth -> new RandomJson(random).value(depth))
                    .toArray(String[]::new);
            byte[] bytes = ("[" + String.join(" , ", values) + "\n]").getBytes(StandardCharsets.UTF_8);
            JsonScanner scanner = new JsonScanner(slow(bytes, random));
            scanner.peek();
            scanner.beginArray();
            for (String value : values) {
                assertTrue(scanner.hasNext(']'));
                scanner.peek();
                long from = scanner.position();
                scanner.skipValue();
                assertEquals(value, scanner.rawString(from));
                if (random.nextBoolean()) {
                    assertEquals(value, new String(scanner.takeBytes(from), StandardCharsets.UTF_8));
                }
            }
            assertTrue(!scanner.hasNext(']'));
            scanner.endDocument();
            assertEquals(bytes.length, scanner.position());
        }
    }

    @Test
    void whatIsCutShortIsInvalid() throws Exception {
        byte[] bytes =
                "{\"a\": [1, true, \"b\\\"\\u00e4\", {\"c\": null}], \"d\": {}}".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            InvalidJsonException e = assertThrows(
                    InvalidJsonException.class, () -> new JsonScanner(new ByteArrayInputStream(part)).skipValue());
            assertEquals("it ends too soon at byte " + length, e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "[1 2]",
                "[1,]",
                "[,1]",
                "{1: 2}",
                "{\"a\" 1}",
                "{\"a\": }",
                "{\"a\": 1 \"b\": 2}",
                "{\"a\": 1,}",
                "[}",
                "{]",
                "[1}",
                "]",
                "}",
                ":",
                "[tru e]",
                "[nul\u00e9]"
            })
    void whatIsNotJsonIsInvalid(String json) {
        assertThrows(InvalidJsonException.class, () -> scanner(json).skipValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u+123\""})
    void escapesThatJsonDoesNotKnowAreFoundOut(String json) throws Exception {
        JsonScanner scanner = scanner(json);
        scanner.skipValue();
        InvalidStringException e = assertThrows(InvalidStringException.class, () -> scanner.scalar(2));
        assertEquals("22021", e.getSQLState());
    }

    @Test
    void bytesThatAreNotUtf8AreFoundOut() throws Exception {
        byte[] bytes = "\"a?b\"".getBytes(StandardCharsets.UTF_8);
        bytes[2] = (byte) 0xE4;
        JsonScanner scanner = new JsonScanner(bytes, 0, bytes.length);
        scanner.skipValue();
        assertThrows(InvalidStringException.class, () -> scanner.scalar(0));
        assertThrows(InvalidStringException.class, () -> scanner.rawString(0));
    }

    @Test
    void theReplacementCharacterIsACharacter() throws Exception {
        JsonScanner scanner = scanner("\"\uFFFD\"");
        scanner.skipValue();
        assertEquals("\uFFFD", scanner.scalar(2));
    }

    @Test
    void depthIsNoProblem() throws IOException {
        String deep = "[".repeat(1_000_000) + "{\"a\": [] }" + "]".repeat(1_000_000);
        JsonScanner scanner = scanner(deep);
        scanner.skipValue();
        assertEquals(deep.length() + 2, scanner.position());
    }

    @Test
    void memoryForAHugeValueIsGivenBack() throws IOException {
        String huge = "\"" + "x".repeat(20_000_000) + "\"";
        byte[] bytes = ("[" + huge + "," + "1,".repeat(200_000) + "1]").getBytes(StandardCharsets.UTF_8);
        JsonScanner scanner = new JsonScanner(new ByteArrayInputStream(bytes));
        scanner.peek();
        scanner.beginArray();
        scanner.hasNext(']');
        long from = scanner.position();
        scanner.skipValue();
        assertEquals(huge.length(), scanner.takeBytes(from).length);
        while (scanner.hasNext(']')) {
            scanner.peek();
            from = scanner.position();
            scanner.skipValue();
            assertEquals(1, scanner.takeBytes(from).length);
        }
        assertTrue(scanner.capacity() < 1_000_000, () -> scanner.capacity() + " bytes");
    }
}
