package io.github.sequinroutes.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewestDeadLettersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "~",
            value = {
                "~|~",
                "plain|plain",
                "ends:|ends",
                "a:b, of a:b|a:b, of a:b",
                "invalid input syntax for type integer: \"much\" (SQLSTATE 22P02)|invalid input syntax for type integer",
                "/a b/c.upsert.sql:8:14: invalid input syntax for type date: \"1:2: x\"|c.upsert.sql:8:14: invalid input syntax for type date",
                "a.sql:8:4: :#data.n for column n: value \"3000000000\" is out of range for type integer (SQLSTATE 22003)|a.sql:8:4: :#data.n for column n: value \"...\" is out of range for type integer (SQLSTATE 22003)",
                "\"1e999\" is out of range for type double precision (SQLSTATE 22003)|\"...\" is out of range for type double precision (SQLSTATE 22003)",
                "time zone \"a \"b\" not recognized (SQLSTATE 22023)|time zone \"...\" not recognized (SQLSTATE 22023)",
                "time zone \"a: b\" not recognized (SQLSTATE 22023)|time zone \"...\"",
                "invalid symbol \"!\" found while decoding base64 sequence|invalid symbol \"...\" found while decoding base64 sequence",
                "null value in column \"name\" of relation \"plants\" violates not-null constraint|null value in column \"name\" of relation \"plants\" violates not-null constraint",
                "a.sql:8:4: :#data.n for column n: out of range: 1 (SQLSTATE 22003)|a.sql:8:4: :#data.n for column n: out of range",
                "invalid input syntax for type json: \"a.sql:1:2: secret\"|invalid input syntax for type json",
                "« x » enfreint la contrainte : La ligne contient (1, a)|« x » enfreint la contrainte"
            })
    void ofAnErrorTheBeginningIsShown(String error, String shown) {
        assertEquals(shown, NewestDeadLetters.headline(error));
    }

    @Test
    void aLongErrorIsCutBetweenCharacters() {
        assertEquals("a".repeat(199) + "...", NewestDeadLetters.headline("a".repeat(199) + "😀".repeat(100_000)));
        assertEquals("a".repeat(200) + "...", NewestDeadLetters.headline("a".repeat(100_000)));
        assertEquals("a".repeat(200), NewestDeadLetters.headline("a".repeat(200)));
    }
}
