package io.github.sequinroutes.scaffold;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The type of a column, by all values that were seen. */
class ColumnTypeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            x | [] | TEXT
            x | [null] | TEXT
            x | [true, null, false] | BOOLEAN
            x | [true, 1] | TEXT
            x | [1, -9223372036854775808] | BIGINT
            x | [1, 9223372036854775808] | NUMERIC
            x | [1, 1.0] | NUMERIC
            x | [1e131071] | NUMERIC
            x | [1e131072] | TEXT
            x | [1e-16383] | NUMERIC
            x | [1e-16384] | TEXT
            x | [1, "1"] | TEXT
            x | [1767225600] | BIGINT
            created | [1767225600, null] | SECONDS
            created | [1767225600, 30] | BIGINT
            created | [1767225600000] | MILLISECONDS
            created | ["1767225600"] | TEXT
            cancel_at | [0] | BIGINT
            days_until_due | [30] | BIGINT
            x | ["2026-01-01T00:00:00Z", "2026-01-01 10:20:30.123456+05:30", "2026-01-01T00:00-08"] | TIMESTAMPTZ
            x | ["2026-01-01T00:00:00Z", ""] | TIMESTAMPTZ
            x | ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00"] | TEXT
            x | ["2026-01-01T25:00:00Z"] | TEXT
            x | ["2026-01-01T00:00:00"] | TIMESTAMP
            x | ["2026-01-01", null] | DATE
            x | ["2026-02-30"] | TEXT
            x | ["0000-01-01"] | TEXT
            x | ["2026-01-01", "soon"] | TEXT
            x | [""] | TEXT
            x | ["0b0c7a52-5d0e-4a58-8a3e-9b3b0d6f9a10", "0B0C7A52-5D0E-4A58-8A3E-9B3B0D6F9A10"] | UUID
            x | ["0b0c7a52"] | TEXT
            x | [{}, null] | JSONB
            x | [[1], "a"] | JSONB
            x | ["a\\u0000b"] | JSON
            x | [{"a": ["\\ud800"]}] | JSON
            x | [{"a\\u0000": 1}] | JSON
            x | [{"a": 1e400000}] | JSON
            """)
    void byAllValues(String name, String values, ColumnType type) throws Exception {
        FieldShape field = new FieldShape();
        RecordJson.MAPPER.readTree(values).forEach(field::see);
        assertEquals(type, ColumnType.of(name, field));
    }
}
