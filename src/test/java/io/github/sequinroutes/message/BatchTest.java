package io.github.sequinroutes.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sequin.Batches;
import io.github.sequinroutes.sequin.SequinApi;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private static String message(String token) {
        return "{" + token + "\"record\": {\"collection_id\": \"c\", \"id\": \"a\"}}";
    }

    @Test
    void aTokenIsAckedOnceAndNoneThatIsEmpty() {
        Batch batch = Batches.of(
                List.of(
                        message("\"ack_token\": \"t\", "),
                        message("\"ack_token\": \"\", "),
                        message(""),
                        message("\"ack_token\": \"u\", "),
                        message("\"ack_token\": \"t\", ")),
                new Lease(1_000),
                SequinApi.of("consume").format());
        batch.messages().forEach(message -> message.settle(Outcome.WRITTEN));
        assertEquals(List.of("t", "u"), batch.durableTokens());
        assertEquals(List.of(), batch.unsettledTokens());
    }
}
