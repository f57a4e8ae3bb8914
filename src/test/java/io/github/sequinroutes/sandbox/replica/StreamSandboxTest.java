package io.github.sequinroutes.sandbox.replica;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A live database is replicated while its server brings back what was acked: both sides are the same in the end. */
class StreamSandboxTest {
    @Tag("long")
    @Test
    void theReplicaIsIdenticalToItsSource() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        boolean isIdentical = new StreamSandbox(out, 300, 0, null).run(false, true);
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(isIdentical, text);
        assertTrue(text.contains("They are identical."), text);
        assertTrue(
                text.matches(
                        "(?s).*of their \\d+ changes half were in the replica and acked \\d+ ms after their commit.*"),
                text);
    }
}
