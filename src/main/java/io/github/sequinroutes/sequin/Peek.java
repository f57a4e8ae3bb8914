package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/**
 * Looks at messages of a consumer: receives some, and gives all of them back. Nothing is acked. For the server it is a
 * delivery of each, and while it looks nobody else gets them.
 */
public final class Peek {
    private static final int BATCH = 100;
    /** An answer to this is there as soon as a message is. */
    private static final long WAIT_MILLIS = 2_000;

    private final CamelContext context;
    private final SequinApi api;
    private final String bundle;
    private final String entry;

    /** One at the consumer of a bundle in a context that has started. */
    public Peek(CamelContext context, SequinApi api, String bundle) {
        this.context = context;
        this.api = api;
        this.bundle = bundle;
        entry = "direct:" + bundle + "-peek";
    }

    /**
     * Receives messages until they are enough, or the consumer has no more; waits for the first if there is none.
     *
     * @param limit    the maximum number of messages
     * @param time     how long to ask for more at most
     * @param isEnough whether those that have been received are
     * @throws Exception if the server cannot be reached
     */
    public List<Message> messages(int limit, Duration time, Predicate<List<Message>> isEnough) throws Exception {
        addRoute();
        List<Message> received = new ArrayList<>();
        Exception failure = null;
        try (ProducerTemplate routes = context.createProducerTemplate()) {
            try {
                receive(routes, limit, System.nanoTime() + time.toNanos(), isEnough, received);
            } catch (Exception e) {
                failure = e;
                throw e;
            } finally {
                giveBack(routes, received, failure);
            }
        }
        return received;
    }

    /** A response is read while it arrives, so in a step of the exchange that it is the body of. */
    private void addRoute() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler()); // whoever asks is told
                from(entry)
                        .routeId(bundle + "-peek")
                        .to("direct:" + bundle + "-receive")
                        .process(exchange -> {
                            List<Message> messages = new ArrayList<>();
                            exchange.getIn()
                                    .getBody(Batches.class)
                                    .forEachRemaining(batch -> messages.addAll(batch.messages()));
                            exchange.getIn().setBody(messages);
                        });
            }
        });
    }

    private void receive(
            ProducerTemplate routes,
            int limit,
            long deadline,
            Predicate<List<Message>> isEnough,
            List<Message> received)
            throws Exception {
        long waitMillis = 0;
        while (received.size() < limit && System.nanoTime() - deadline < 0 && !isEnough.test(received)) {
            String request = api.request(Math.min(BATCH, limit - received.size()), waitMillis);
            Exchange response =
                    routes.request(entry, exchange -> exchange.getIn().setBody(request));
            if (response.getException() != null) {
                throw response.getException();
            }
            List<?> messages = response.getMessage().getBody(List.class);
            if (messages.isEmpty() && !received.isEmpty()) {
                return;
            }
            waitMillis = messages.isEmpty() ? WAIT_MILLIS : 0;
            messages.forEach(message -> received.add((Message) message));
        }
    }

    private void giveBack(ProducerTemplate routes, List<Message> messages, Exception failure) throws Exception {
        List<String> tokens = messages.stream()
                .map(Message::ackToken)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        try {
            new Acknowledger(api, () -> routes, bundle).giveBack(tokens);
        } catch (Exception e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }
}
