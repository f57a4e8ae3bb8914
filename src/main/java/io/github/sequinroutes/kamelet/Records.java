package io.github.sequinroutes.kamelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.write.UpsertSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;

/**
 * The records that a body stands for: the messages of a batch, one of them, or JSON (a text, a map, or several of them),
 * which may be what a route has made of them. Used by one thread.
 */
final class Records {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Of records that come from no API: any object is one. */
    private static final MessageFormat ANY = SequinApi.of("consume").format();

    private static final String SEVERAL =
            "A route has made several records of one message, and one of them would stand "
                    + "for all: to write several rows, let one template do it, by 'insert ... select'";

    private final Exchange exchange;
    private final Group group;
    private final List<Message> messages = new ArrayList<>();
    /** By what the route has made of them. */
    private final IdentityHashMap<Message, Message> originals = new IdentityHashMap<>();

    private Records(Exchange exchange, Group group) {
        this.exchange = exchange;
        this.group = group;
        add(exchange.getMessage().getBody());
    }

    /**
     * Those of an exchange in the route of a bundle's collection: messages, or what the route has made of them.
     *
     * @throws IllegalStateException    if no bundle has sent it
     * @throws IllegalArgumentException if its body is none of these, or a record is of no message of its batch
     */
    static Records ofBundle(Exchange exchange) {
        Group group = exchange.getVariable(Group.VARIABLE, Group.class);
        if (group == null) {
            throw new IllegalStateException(
                    "Only the bundle sends to the route of a collection: what another one sends has no "
                            + "message that could be acked. Write it with a route and a postgres-upsert-sink of its own");
        }
        return new Records(exchange, group);
    }

    /**
     * Those of an exchange in any other route: of messages they are copies, of which nothing becomes a message's outcome.
     *
     * @throws IllegalArgumentException if its body is none of these
     */
    static Records of(Exchange exchange) {
        return new Records(exchange, null);
    }

    /** Of which messages they are, or null if they are of no bundle. */
    Group group() {
        return group;
    }

    /** The records, in their order. */
    List<Message> messages() {
        return messages;
    }

    /**
     * Those of which nothing has become yet, or which the same sink shall try again.
     *
     * @throws IllegalStateException if another sink has written some: one of the two may have failed
     */
    List<Message> pending(Object sink) {
        synchronized (group) { // a route may call two sinks at once
            return pendingOf(sink);
        }
    }

    private List<Message> pendingOf(Object sink) {
        List<Message> pending = new ArrayList<>();
        for (Message message : messages) {
            Message original = originals.getOrDefault(message, message);
            Object earlier = original.sink();
            if (earlier instanceof UpsertSink && sink instanceof UpsertSink && earlier != sink) {
                throw takenBack("Messages have come to a second postgres-upsert-sink of their route, and each "
                        + "can have but one: to write several tables, let one template do it, by 'with ... insert'");
            }
            if (sink instanceof UpsertSink && message != original && !original.isStoodForBy(message)) {
                throw takenBack(SEVERAL);
            }
            if (original.isPending() || (original.rejection() != null && earlier == sink)) {
                original.markTried(sink);
                pending.add(message);
            }
        }
        return pending;
    }

    /** Whatever the route makes of the exception, and the other sink of the messages: none is acked. */
    private IllegalStateException takenBack(String why) {
        messages.forEach(each -> originals.getOrDefault(each, each).takeBack());
        IllegalStateException failure = new IllegalStateException(why);
        group.fail(failure);
        return failure;
    }

    /** Has the same become of the messages as of what the route has made of these. */
    void settle(List<Message> some) {
        some.forEach(made -> {
            if (originals.containsKey(made)) {
                originals.get(made).become(made);
            }
        });
    }

    private void add(Object body) {
        if (body instanceof Message message) {
            addMessage(message);
        } else if (body instanceof Map || body instanceof JsonNode) { // a JsonNode is an Iterable of its values, too
            addJson(json(body), ANY);
        } else if (body instanceof Iterable<?> some) {
            some.forEach(this::add);
        } else if (body instanceof Object[] some) {
            List.of(some).forEach(this::add);
        } else if (body instanceof Iterator<?> some) {
            some.forEachRemaining(this::add);
        } else {
            byte[] text = body == null
                    ? null
                    : exchange.getContext().getTypeConverter().tryConvertTo(byte[].class, body);
            if (text == null) {
                throw new IllegalArgumentException("A record is JSON: a text, a map, or a list of them; not "
                        + (body == null ? "nothing" : "a " + body.getClass().getName()));
            }
            addJson(text, ANY);
        }
    }

    private void addMessage(Message message) {
        if (group == null) {
            addJson(message.toString().getBytes(StandardCharsets.UTF_8), message.format());
        } else {
            messages.add(message);
        }
    }

    private static byte[] json(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("A record cannot be made JSON: " + e.getOriginalMessage(), e);
        }
    }

    private void addJson(byte[] text, MessageFormat format) {
        try {
            JsonScanner json = new JsonScanner(text, 0, text.length);
            if (json.peek() == '[') {
                json.beginArray();
                while (json.hasNext(']')) {
                    addRecord(json, format);
                }
            } else {
                addRecord(json, format);
            }
            json.endDocument();
        } catch (IOException e) {
            throw new IllegalArgumentException("A record is not JSON: " + e.getMessage(), e);
        }
    }

    private void addRecord(JsonScanner json, MessageFormat format) throws IOException {
        if (json.peek() != '{') {
            throw new IllegalArgumentException("A record is a JSON object, not "
                    + (json.peek() == '[' ? "an array in an array" : "a single value"));
        }
        long start = json.position();
        json.skipValue();
        byte[] record = json.takeBytes(start);
        if (group == null) {
            messages.add(alone(record, format));
            return;
        }
        // a route of a bundle works on the messages of one API
        MessageFormat own = group.iterator().next().format();
        Message original = originalOf(Message.ofRecord(record, own, null, null, null));
        Message made = Message.ofRecord(record, original.format(), original, original.collection(), original.id());
        if (originals.containsValue(original)) {
            messages.add(original);
            throw takenBack(SEVERAL);
        }
        originals.put(made, original);
        messages.add(made);
    }

    /** Without a version nothing tells which of two with one ID is the newer: each is written, in this order. */
    private Message alone(byte[] record, MessageFormat format) throws IOException {
        String own = "%s-%08d".formatted(exchange.getExchangeId(), messages.size());
        Message message = Message.ofRecord(record, format, null, exchange.getFromRouteId(), own);
        return message.version() == null ? message.withId(own) : message;
    }

    private Message originalOf(Message made) {
        List<Message> candidates = new ArrayList<>();
        for (Message message : group) {
            boolean isSame =
                    Objects.equals(message.id(), made.id()) && Objects.equals(message.version(), made.version());
            if (isSame && (made.collection() == null || made.collection().equals(message.collection()))) {
                candidates.add(message);
            }
        }
        long collections =
                candidates.stream().map(Message::collection).distinct().count();
        if (collections != 1) {
            throw new IllegalArgumentException(
                    "The record with the ID " + made.id() + " and the version " + made.version()
                            + (collections == 0 ? " is of no message" : " may be of several messages")
                            + " of its batch: a step of a "
                            + "route must leave alone what says which record and version it is");
        }
        // the same may have been delivered twice
        List<Message> others = candidates.stream()
                .filter(message -> !originals.containsValue(message))
                .toList();
        return others.stream()
                .filter(Message::isPending)
                .findFirst()
                .orElse((others.isEmpty() ? candidates : others).get(0));
    }
}
