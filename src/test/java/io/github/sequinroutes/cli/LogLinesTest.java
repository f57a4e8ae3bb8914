package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 57: whatever a message in the log quotes, it is one line. */
class LogLinesTest {
    private static final String ROUTE = """
            - route:
                id: quotes
                from:
                  uri: quartz:test/quotes
                  parameters:
                    cron: "* * * * * ?"
                  steps:
                    - log: "begin\\nforged\\rforged\\u0085forged\\u2028forged\\e[2K\\b\\u202e\\ta b end"
            """;

    @Tag("long")
    @Test
    void aMessageIsOneLine() throws Exception {
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, new TestDatabase())) {
            server.consumer("test", Duration.ofMinutes(10), 10);
            Files.writeString(process.file("routes/quotes.camel.yaml"), ROUTE);
            process.start().awaitOutput(" end");
            process.terminate().exitStatus();
            List<String> lines = List.of(process.output().split("\\R"));
            List<String> quoting =
                    lines.stream().filter(line -> line.contains("forged")).toList();
            assertEquals(
                    quoting,
                    lines.stream().filter(line -> line.contains("begin")).toList());
            for (String line : quoting) {
                assertTrue(line.endsWith("begin\\nforged\\rforged?forged?forged?[2K??\ta b end"), line);
            }
        }
    }
}
