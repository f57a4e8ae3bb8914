package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.config.BundleConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsumerWarningsTest {
    private static final BundleConfig CONFIG =
            BundleConfig.of("sequin", Map.of("url", "http://localhost:1", "consumer", "c", "routes", "routes")::get);

    @Test
    void aLimitOfDeliveriesLosesMessages() {
        List<String> expected = List.of(
                "consumer c: max_deliver is 5, so the server drops a message that it has delivered that often, and it is"
                        + " lost; set it to -1");
        assertEquals(expected, ConsumerWarnings.of("{\"max_deliver\": 5}", CONFIG));
        assertEquals(expected, ConsumerWarnings.of("{\"data\": {\"id\": \"c\", \"max_deliver\": 5}}", CONFIG));
    }

    /** {@code ack_wait} is what older servers call it. */
    @Test
    void aShorterLease() {
        assertEquals(1, ConsumerWarnings.of("{\"ack_wait\": 29999}", CONFIG).size());
        assertEquals(0, ConsumerWarnings.of("{\"ack_wait\": 30000}", CONFIG).size());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "{\"max_deliver\": -1, \"ack_wait_ms\": 30000, \"max_ack_pending\": 2000}",
                "{}",
                "[]",
                "",
                "<html>",
                "{\"max_deliver\": \"5\", \"ack_wait_ms\": null}"
            })
    void nothingToSay(String description) {
        assertEquals(List.of(), ConsumerWarnings.of(description, CONFIG));
    }
}
