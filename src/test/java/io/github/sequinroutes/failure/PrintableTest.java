package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextStaysAsItIs() {
        String text = "a \"quoted\" \\ text 'ü😀' עברית";
        assertEquals(text, Printable.of(text));
        assertEquals("", Printable.of(""));
    }

    @Test
    void whatCouldForgeALineOrDriveATerminalIsEscaped() {
        assertEquals("a\\nb\\r\\tc\\u001b[2J\\u0000\\u007f", Printable.of("a\nb\r\tc\u001b[2J\0\u007f"));
        assertEquals(
                "\\u0085\\u2028\\u2029\\u202e\\u2066\\ud83d", Printable.of("\u0085\u2028\u2029\u202e\u2066\ud83d"));
    }

    @Test
    void aLongTextIsCutAndItsLengthSaid() {
        assertEquals("x".repeat(2_000), Printable.of("x".repeat(2_000)));
        assertEquals("x".repeat(2_000) + "... (cut, of 5000000 characters)", Printable.of("x".repeat(5_000_000)));
        String cut = Printable.of("x".repeat(1_999) + "😀" + "x".repeat(9));
        assertEquals("x".repeat(1_999) + "... (cut, of 2010 characters)", cut);
    }

    @Test
    void everyFailureIsDescribedSo() {
        String forged = "no\n2026-01-01 00:00:00.000 INFO  Worker: all is well";
        for (Exception failure : new Exception[] {
            new IOException(forged), new SQLException(forged, "XX000"), new IllegalStateException(forged)
        }) {
            String text = Failures.describe(failure);
            assertFalse(text.contains("\n"), text);
            assertTrue(text.startsWith("no\\n2026"), text);
        }
        String longText = Failures.describe(new SQLException("x".repeat(9_000), "22P02"));
        assertTrue(longText.endsWith("(SQLSTATE 22P02)"), longText);
    }
}
