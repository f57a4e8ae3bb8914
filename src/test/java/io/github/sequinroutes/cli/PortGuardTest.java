package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.testkit.ConsumeClient;
import io.github.sequinroutes.testkit.Ports;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** docs/promises.md 38: whoever asks while the process starts is told so, from the first answer of the port on. */
class PortGuardTest {
    @Test
    void aPortWithNothingOnItYetSaysSo() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext();
                ManagementHttpServer server = new ManagementHttpServer()) {
            server.setCamelContext(context);
            server.setPort(Ports.free());
            server.setPath("/");
            server.setHealthPath("/observe/health");
            PortGuard guard = PortGuard.install(server, () -> "");
            context.addService(server);
            context.start();
            String observe = "http://localhost:" + server.getPort() + "/observe";
            HttpResponse<String> ready = ConsumeClient.getUrl(observe + "/health/ready");
            assertEquals(503, ready.statusCode());
            assertEquals(
                    "DOWN",
                    new ObjectMapper().readTree(ready.body()).get("status").asText());
            assertTrue(ready.body().contains("the routes are starting"), ready.body());
            HttpResponse<String> live = ConsumeClient.getUrl(observe + "/health/live");
            assertEquals(
                    "200 {\"status\":\"UP\"}",
                    live.statusCode() + " " + live.body().strip());
            assertEquals(503, ConsumeClient.getUrl(observe).statusCode());
            assertEquals(503, ConsumeClient.getUrl(observe + "/metrics").statusCode());
            guard.furnished();
            assertEquals(404, ConsumeClient.getUrl(observe + "/metrics").statusCode());
            assertNothingIsLoggedOfAPathThatCannotBeRead(server.getPort());
        }
    }

    /** Anybody who reaches the port could fill the disk with it. */
    private static void assertNothingIsLoggedOfAPathThatCannotBeRead(int port) throws Exception {
        try (LogWatch log = new LogWatch("Unhandled exception");
                Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write("GET /observe/%zz HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertEquals(List.of(), log.lines(""));
        }
    }
}
