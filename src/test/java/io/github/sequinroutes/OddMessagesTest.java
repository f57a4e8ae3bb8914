package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.RequestKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 24: messages that the Consume API should not send. */
@Tag("postgres")
class OddMessagesTest {
    private static TestBundle docs() throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("create table docs (id text primary key, n numeric)");
        return bundle.collection(
                "test:doc",
                "insert into docs (id, n) values (:#id, :#data.n) on conflict (id) do update set n = excluded.n");
    }

    private static String doc(String id, String data) {
        return TestRecord.of("test:doc", id, 1, data);
    }

    @Test
    void anEventIsMalformed() throws Exception {
        try (TestBundle bundle = docs()) {
            answer(bundle, "{\"ack_token\": \"t\", \"event\": {\"id\": \"a\", \"collection_id\": \"test:doc\"}}");
            bundle.start();
            await().until(() -> bundle.server().requests().count(RequestKind.ACK) == 1);
            assertEquals(
                    List.of("malformed|the message has no record"),
                    bundle.database().rows("select reason, error from sequin.dead_letters"));
        }
    }

    @Test
    void aMessageWithoutATokenIsSettledAndNeverAcked() throws Exception {
        try (TestBundle bundle = docs()) {
            for (int i = 0; i < 3; i++) {
                answer(
                        bundle,
                        "{\"record\": " + doc("good", "{}") + "}, {\"ack_token\": null, \"record\": "
                                + doc("bad", "{\"n\": \"x\"}") + "}, {\"record\": 5}");
            }
            // two that store the same dead letter at once meet: then one leaves its batch to a lease, and here there is
            // none
            bundle.set("sequin.workers", "1").start();
            await().ignoreExceptions().until(() -> bundle.database()
                    .rows("select reason, attempts from sequin.dead_letters order by reason")
                    .equals(List.of("malformed|3", "rejected|3")));
            assertEquals(0, bundle.server().requests().count(RequestKind.ACK));
            assertEquals("good", bundle.database().value("select id from docs"));
            bundle.offer(doc("later", "{}")).awaitDrained().awaitHealthy();
        }
    }

    @Test
    void aTextThatIsNotUtf8HoldsBackOnlyItsRecord() throws Exception {
        try (TestBundle bundle = docs()) {
            String answer = "[{\"ack_token\": \"s\", \"record\": " + doc("bad", "{\"n\": \"1\u00e4\"}")
                    + "}, {\"ack_token\": \"t\", \"record\": " + doc("good", "{\"n\": 1, \"other\": \"\u00e4\"}")
                    + "}]";
            byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
            bundle.server()
                    .faults()
                    .next(
                            1,
                            (exchange, request) -> {
                                exchange.sendResponseHeaders(200, bytes.length);
                                exchange.getResponseBody().write(bytes);
                            },
                            RequestKind.NEXT);
            bundle.start();
            await().until(() -> bundle.server().requests().count(RequestKind.ACK) == 1);
            assertEquals("good|1", bundle.database().value("select id || '|' || n from docs"));
            assertEquals(
                    List.of("rejected|22021|bad|a string is not UTF-8 (SQLSTATE 22021)"),
                    bundle.database().rows("select reason, sqlstate, record_id, error from sequin.dead_letters"));
        }
    }

    private static void answer(TestBundle bundle, String messages) {
        bundle.server().faults().next(1, Fault.status(200, "{\"data\": [" + messages + "]}"), RequestKind.NEXT);
    }
}
