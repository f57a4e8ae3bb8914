package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Receives messages, and gives them back: nothing is acked. Used by one thread. */
public final class Peek implements AutoCloseable {
    private final SequinApi api;
    private final Acknowledger acks;
    private final ProducerTemplate routes;
    private final String bundle;
    private final List<String> tokens = new ArrayList<>();

    /** By the routes of a bundle, whose context is started. */
    public Peek(SequinApi api, Acknowledger acks, ProducerTemplate routes, String bundle) {
        this.api = api;
        this.acks = acks;
        this.routes = routes;
        this.bundle = bundle;
    }

    /**
     * Receives the messages that are there; of those that do not fit into a batch only the tokens are kept. Their lease has
     * begun: others get them once this is closed.
     *
     * @param limit the maximum number of messages
     * @throws Exception if the server does not answer, or answers with an error
     */
    public Batch receive(int limit) throws Exception {
        Exchange done = routes.request(
                "direct:" + bundle + "-receive", sent -> sent.getMessage().setBody(api.request(limit, 0)));
        if (done.getException() != null) {
            throw done.getException();
        }
        Batches batches = done.getMessage().getMandatoryBody(Batches.class);
        Batch first = null;
        while (batches.hasNext()) {
            Batch batch = batches.next();
            for (Message message : batch.messages()) {
                if (message.ackToken() != null) {
                    tokens.add(message.ackToken());
                }
            }
            first = first == null ? batch : first;
        }
        return first == null ? new Batch(List.of(), new Lease(0)) : first;
    }

    /** How many messages it has and will give back. */
    public int received() {
        return tokens.size();
    }

    /**
     * Gives all messages back.
     *
     * @throws Exception if the server does not take them: then they come again when their lease is over
     */
    @Override
    public void close() throws Exception {
        acks.giveBack(List.copyOf(tokens));
        tokens.clear();
    }
}
