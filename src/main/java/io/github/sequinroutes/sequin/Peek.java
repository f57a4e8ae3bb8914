package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/**
 * Looks at messages of a consumer: receives some, and gives all of them back when it is closed. Nothing is acked. For the
 * server it is a delivery of each, and while it looks nobody else gets them. Used by one thread.
 */
public final class Peek implements AutoCloseable {
    private static final int BATCH = 100;
    /** An answer to this is there as soon as a message is. */
    private static final long WAIT_MILLIS = 2_000;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CamelContext context;
    private final SequinApi api;
    private final long longestWaitMillis;
    private final Acknowledger acks;
    private final ProducerTemplate routes;
    private final String id;
    private final List<Message> received = new ArrayList<>();

    /**
     * One at the consumer of a bundle in a context that has started.
     *
     * @param longestWaitMillis how long the server may keep a request open while there is no message
     * @throws Exception if the context refuses the route that it adds until it is closed
     */
    public Peek(
            CamelContext context,
            SequinApi api,
            Acknowledger acks,
            ProducerTemplate routes,
            String bundle,
            long longestWaitMillis)
            throws Exception {
        this.longestWaitMillis = Math.min(WAIT_MILLIS, longestWaitMillis);
        this.context = context;
        this.api = api;
        this.acks = acks;
        this.routes = routes;
        id = bundle + "-peek";
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:" + id)
                        .routeId(id)
                        .errorHandler(noErrorHandler()) // whoever asks is told
                        .streamCache("false")
                        .to("direct:" + bundle + "-receive")
                        .process(Peek.this::read);
            }
        });
    }

    /** A response is read while it arrives, so in a step of the exchange that it is the body of. */
    private void read(Exchange exchange) {
        exchange.getMessage().getBody(Batches.class).forEachRemaining(batch -> received.addAll(batch.messages()));
    }

    /**
     * Receives one batch of the messages that are there now.
     *
     * @param limit the maximum number of messages
     * @throws Exception if the server cannot be asked
     */
    public List<Message> receive(int limit) throws Exception {
        return receive(limit, 0);
    }

    /**
     * Receives messages until they are enough, or the consumer has no more; waits for the first if there is none.
     *
     * @param limit    the maximum number of messages
     * @param time     how long to ask for more at most
     * @param isEnough whether those that have been received are
     * @return all that have been received
     * @throws Exception if the server cannot be asked
     */
    public List<Message> receive(int limit, Duration time, Predicate<List<Message>> isEnough) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        long waitMillis = 0;
        while (received.size() < limit && System.nanoTime() - deadline < 0 && !isEnough.test(received)) {
            boolean isEmpty = receive(Math.min(BATCH, limit - received.size()), waitMillis)
                    .isEmpty();
            if (isEmpty && !received.isEmpty()) {
                break;
            }
            long left = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            waitMillis = isEmpty ? Math.min(longestWaitMillis, left) : 0;
            if (isEmpty && waitMillis == 0) {
                LockSupport.parkNanos(PAUSE_NANOS); // the server may keep no request open
            }
        }
        return List.copyOf(received);
    }

    private List<Message> receive(int limit, long waitMillis) throws Exception {
        int before = received.size();
        String request = api.request(limit, waitMillis);
        Exchange response =
                routes.request("direct:" + id, exchange -> exchange.getMessage().setBody(request));
        if (response.getException() != null) {
            throw response.getException();
        }
        return List.copyOf(received.subList(before, received.size()));
    }

    /**
     * Gives all messages back.
     *
     * @throws IOException if the server does not take them: then they come again when their lease is over
     */
    @Override
    public void close() throws IOException {
        try {
            context.getRouteController().stopRoute(id);
            context.removeRoute(id);
            acks.giveBack(received.stream()
                    .map(Message::ackToken)
                    .filter(Objects::nonNull)
                    .distinct()
                    .toList());
        } catch (Exception e) {
            throw new IOException("The messages could not be given back", e);
        }
    }
}
