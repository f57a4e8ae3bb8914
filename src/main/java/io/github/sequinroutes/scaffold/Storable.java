package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;

/** What PostgreSQL can hold of JSON in other types than {@code json}, which keeps it as it is. */
final class Storable {
    /** Beyond these its {@code numeric} has no digits. */
    private static final int MAX_DIGITS = 131_072;

    private static final int MAX_SCALE = 16_383;
    private static final double BITS_OF_A_DIGIT = 3.33;

    private Storable() {}

    /** Whether it can hold a value with all that is in it. */
    static boolean test(JsonNode value) {
        if (value.isTextual()) {
            return test(value.textValue());
        } else if (value.isNumber()) {
            return testNumber(value);
        }
        for (Iterator<String> names = value.fieldNames(); names.hasNext(); ) {
            if (!test(names.next())) {
                return false;
            }
        }
        for (JsonNode part : value) {
            if (!test(part)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it can hold a text: it has no character 0, and no half of a pair. */
    private static boolean test(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }

    private static boolean testNumber(JsonNode number) {
        if (number.isBigInteger()) {
            return number.bigIntegerValue().bitLength() < MAX_DIGITS * BITS_OF_A_DIGIT - 1;
        } else if (!number.isBigDecimal()) {
            return true;
        }
        BigDecimal value = number.decimalValue();
        return value.scale() <= MAX_SCALE && (long) value.precision() - value.scale() <= MAX_DIGITS;
    }
}
