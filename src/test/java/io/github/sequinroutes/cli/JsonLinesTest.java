package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.DefaultConfiguration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** docs/promises.md 57: whatever a message in the log quotes, it is one line that drives no terminal, and loses nothing. */
class JsonLinesTest {
    private static final String ODD = "a\nb\rc\u0085d\u2028e\u001b[2Jf\u009bg\u202eh\tä\"\\";

    @Test
    void whatIsUnsafeIsEscaped() throws Exception {
        Log4jLogEvent event = Log4jLogEvent.newBuilder()
                .setLoggerName("odd")
                .setLevel(Level.WARN)
                .setMessage(new SimpleMessage(ODD))
                .setThrown(new IllegalStateException(ODD))
                .build();
        String line = new JsonLines(new DefaultConfiguration()).toSerializable(event);
        String safe = line.stripTrailing();
        assertFalse(safe.chars().anyMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x202e), safe);
        JsonNode read = new ObjectMapper().readTree(line);
        assertEquals(ODD, read.get("message").asText());
        assertEquals(ODD, read.get("error.message").asText());
        assertEquals("WARN", read.get("log.level").asText());
    }
}
