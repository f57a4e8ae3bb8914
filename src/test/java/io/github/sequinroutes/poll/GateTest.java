package io.github.sequinroutes.poll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sequinroutes.RawServer;
import java.io.IOException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/promises.md 2: before the start is complete and after a stop has begun nothing is fetched; what was is settled. */
class GateTest {
    private final Gate gate = new Gate();
    private RawServer server;
    private CloseableHttpClient client;

    @BeforeEach
    void connect() throws IOException {
        server = new RawServer(request -> RawServer.json(200, "{}"));
        HttpClientBuilder builder = HttpClientBuilder.create();
        gate.configureHttpClient(builder);
        client = builder.build();
    }

    @AfterEach
    void disconnect() throws IOException {
        client.close();
        server.close();
    }

    private int call(String path) throws IOException {
        return client.execute(new HttpPost(server.url() + path), response -> response.getCode());
    }

    private void assertOnlySettles() throws IOException {
        int fetched = server.requests("next").size();
        assertThrows(IOException.class, () -> call("/acks/ack/next"));
        assertThrows(IOException.class, () -> call("/x/next?path=/ack"));
        assertEquals(fetched, server.requests("next").size());
        assertEquals(200, call("/x/ack"));
        assertEquals(200, call("/x/nack?some=query"));
    }

    @Test
    void onlyWhileItIsOpenMessagesAreFetched() throws IOException {
        assertOnlySettles();
        gate.open();
        assertEquals(200, call("/x/next"));
        gate.close();
        assertOnlySettles();
        gate.open();
        assertOnlySettles();
    }
}
