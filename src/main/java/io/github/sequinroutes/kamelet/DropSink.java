package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import java.util.List;
import org.apache.camel.Exchange;

/** What {@code kamelet:drop-sink} does: says of records that they are written nowhere on purpose, so that they are acked. */
public final class DropSink {
    /** What the Kamelet makes. */
    public DropSink() {}

    /**
     * Drops the records of a body.
     *
     * @throws IllegalStateException outside the route of a collection, where it would do nothing
     */
    public void drop(Exchange exchange) {
        Records records = Records.ofBundle(exchange);
        List<Message> pending = records.pending(this);
        pending.forEach(message -> message.settle(Outcome.DROPPED));
        records.settle(pending);
    }
}
