package io.github.sequinroutes.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 7: how long a server is left alone that asks for it. */
class RetryAfterTest {
    private static final String NOW = "Tue, 24 Nov 2026 16:00:00 GMT";

    private static long millis(Map<String, String> headers) {
        return HttpFailures.retryAfterMillis(new IllegalStateException(
                new HttpOperationFailedException("http://localhost", 429, "Too Many Requests", null, headers, null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "2 | 2000",
                "300 | 300000",
                "301 | 300000",
                "99999999999999999999 | 300000",
                "-1 | 0",
                "1.5 | 0",
                "soon | 0",
                "'' | 0",
                "Tue, 24 Nov 2026 16:00:07 GMT | 7000",
                "Tuesday, 24-Nov-26 16:00:07 GMT | 7000",
                "Tue Nov 24 16:00:07 2026 | 0",
                "Wed, 25 Nov 2026 16:00:00 GMT | 300000",
                "Tue, 24 Nov 2026 15:00:00 GMT | 0",
                "Fri, 31 Dec 9999 23:59:59 GMT | 300000"
            })
    void isWhatTheServerAsksFor(String wish, long millis) {
        assertEquals(millis, millis(Map.of("retry-after", wish, "date", NOW)));
    }

    @Test
    void aServerThatDoesNotTellTheTimeMeansOurs() {
        String soon = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plusSeconds(60).atOffset(ZoneOffset.UTC));
        long millis = millis(Map.of("Retry-After", soon));
        assertTrue(millis > 30_000 && millis <= 60_000, millis + " ms");
    }

    @Test
    void whoDoesNotAskIsAskedAgain() {
        assertEquals(0, millis(Map.of()));
        assertEquals(0, millis(null));
        assertEquals(0, HttpFailures.retryAfterMillis(new IllegalStateException("no answer at all")));
    }
}
