package io.github.sequinroutes.kamelet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;

/** Of which messages the records are that the route of a collection has made. */
class RecordsTest {
    private static Message message(String collection) {
        String json = "{\"record\": " + record(collection) + "}";
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("consume").format());
    }

    private static String record(String collection) {
        return "{\"id\": \"a\", \"updated_idx\": 1"
                + (collection == null ? "" : ", \"collection_id\": \"" + collection + "\"") + "}";
    }

    private static Records records(List<Message> messages, Object body) {
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setVariable(Group.VARIABLE, new Group("route", messages, new Lease(60_000)));
        exchange.getMessage().setBody(body);
        return Records.ofBundle(exchange);
    }

    @Test
    void recordsOfOneIdAndVersionAreToldApartByTheirCollection() {
        List<Message> messages = List.of(message("one"), message("two"));
        Records records = records(messages, record("two"));
        List<Message> pending = records.pending("sink");
        assertEquals("two", pending.get(0).collection());
        pending.get(0).settle(Outcome.WRITTEN);
        records.settle(pending);
        assertEquals(Outcome.UNSETTLED, messages.get(0).outcome());
        assertEquals(Outcome.WRITTEN, messages.get(1).outcome());
    }

    @Test
    void withoutACollectionTheyMayBeOfSeveral() {
        List<Message> messages = List.of(message("one"), message("two"));
        Exception several = assertThrows(IllegalArgumentException.class, () -> records(messages, record(null)));
        assertTrue(several.getMessage().contains("may be of several messages"), several.getMessage());
    }
}
