package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/failures.md: text from the network never forges a line of the log. */
class ForgedLogLinesTest {
    private static final String FORGED = "2026-01-01 00:00:00.000 INFO  Worker: all is well";
    private static final String LINE = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} [A-Z]+ +[\\w-]+: .*";

    private static void assertJson(String line) throws Exception {
        JsonNode event = new ObjectMapper().readTree(line); // of one line nothing is left out
        for (String field : List.of("@timestamp", "log.level", "message", "log.logger", "process.thread.name")) {
            assertTrue(event.path(field).isTextual(), line);
        }
        if (event.has("error.stack_trace")) {
            assertTrue(event.get("error.stack_trace").asText().contains("\n\tat "), line);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void whateverTheServerSends(String format) throws Exception {
        try (SandboxServer server = new SandboxServer(0, TestProcess.TOKEN);
                TestProcess process = new TestProcess(server, new TestDatabase())) {
            SandboxConsumer consumer = server.consumer("test", Duration.ofMinutes(10), 100);
            String json = FORGED.replace(":", "\\u003a");
            consumer.offerAsIs(TestRecord.of("odd:a\\n" + json, "a\\n" + json, 1, "{}"));
            consumer.offerAsIs(TestRecord.of("stripe:customer", "b", 1, "{\"balance\": \"x\\r\\n" + json + "\"}"));
            server.faults()
                    .always(Fault.status(400, "no\r\n" + FORGED + "\n\u001b[2J\u0085" + FORGED), RequestKind.ACK);
            server.faults().next(1, Fault.status(200, "no\r\n" + FORGED), RequestKind.NEXT);
            // a route for all collections, with a template that is wrong: the log names the collection
            Files.writeString(process.file("routes/collections/any.upsert.sql"), "insert into nowhere values (:#id)");
            Files.writeString(process.file("routes/collections/any.camel.yaml"), """
                    - templatedRoute:
                        routeTemplateRef: collection
                        routeId: any
                        parameters:
                          - name: collection
                            value: "*"
                          - name: upsert
                            value: any.upsert.sql
                    """);
            boolean isJson = format.equals("json");
            if (isJson) {
                // with stack traces
                process.environment("SEQUIN_LOG", format).set("sequin.log-level", "debug");
            }
            process.start()
                    .awaitOutput("is paused")
                    .awaitOutput("refuses to ack")
                    .awaitOutput("became a dead letter: rejected (SQLSTATE 22P02), of stripe:customer");
            process.terminate();
            assertEquals(0, process.exitStatus());
            List<String> lines = process.output().lines().toList();
            for (String line : lines) {
                assertFalse(line.startsWith(FORGED), line);
                assertFalse(line.chars().anyMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0)), line);
                if (isJson) {
                    assertJson(line);
                } else {
                    assertTrue(line.matches(LINE), line);
                }
            }
            assertEquals(isJson, process.output().contains("\"error.stack_trace\":"), process.output());
            assertFalse(process.output().contains(TestProcess.TOKEN), "the token");
        }
    }
}
