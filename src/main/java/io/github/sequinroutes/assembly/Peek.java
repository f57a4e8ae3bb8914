package io.github.sequinroutes.assembly;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.Batches;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** Receives messages and gives them back at once: they are read while the response is open, which ends with the route. */
final class Peek extends RouteBuilder {
    private final String bundle;
    private final ServerBeans server;
    private final List<Message> messages = new ArrayList<>();

    Peek(String bundle, ServerBeans server) {
        this.bundle = bundle;
        this.server = server;
    }

    /** The ID of its route. */
    String id() {
        return bundle + "-peek";
    }

    /** What has been received. */
    List<Message> messages() {
        return messages;
    }

    @Override
    public void configure() {
        from("direct:" + id())
                .routeId(id())
                .errorHandler(noErrorHandler())
                .streamCache("false")
                .to("direct:" + bundle + "-receive")
                .process(this::read);
    }

    private void read(Exchange exchange) throws Exception {
        try {
            Batches batches = exchange.getMessage().getBody(Batches.class);
            while (batches.hasNext()) {
                messages.addAll(batches.next().messages());
            }
        } finally {
            server.acks()
                    .giveBack(messages.stream()
                            .map(Message::ackToken)
                            .filter(Objects::nonNull)
                            .distinct()
                            .toList());
        }
    }
}
