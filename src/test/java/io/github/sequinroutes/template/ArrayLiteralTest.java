package io.github.sequinroutes.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.json.JsonScanner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrayLiteralTest {
    private static String of(String json, ValueType type) throws Exception {
        byte[] bytes = json.getBytes(UTF_8);
        return ArrayLiteral.of(new JsonScanner(bytes, 0, bytes.length), type);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[]", "[[]]", "[ [ ], [ ] ]", "[[[]], []]", "[[[[[[[[]]]]]]]]"})
    void anArrayWithoutAnyElementIsEmptyHoweverItIsNested(String json) throws Exception {
        // PostgreSQL before 17 refuses {{},{}}
        assertEquals("{}", of(json, ValueType.TEXT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[[], [1]]      | {{},{\"1\"}}",
                "[[null], []]   | {{NULL},{}}",
                "[[\"\"]]       | {{\"\"}}",
                "[[1], [2, 3]]  | {{\"1\"},{\"2\",\"3\"}}",
            })
    void oneElementAndItKeepsItsForm(String json, String text) throws Exception {
        assertEquals(text, of(json, ValueType.TEXT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[] | {}", "[[], []] | {\"[]\",\"[]\"}"})
    void anArrayInAnArrayOfJsonIsAnElement(String json, String text) throws Exception {
        assertEquals(text, of(json, ValueType.JSON));
    }
}
