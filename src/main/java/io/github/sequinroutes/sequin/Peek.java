package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;

/** Receives messages, and gives them back: nothing is acked. Used by one thread. */
public final class Peek {
    private final SequinApi api;
    private final Acknowledger acks;
    private final ProducerTemplate routes;
    private final String bundle;
    private final List<String> tokens = new ArrayList<>();
    private int given;

    /** What is done with messages. */
    public interface Work<T> {
        T run(Batch batch) throws Exception;
    }

    /** By the routes of a bundle, whose context is started. */
    public Peek(SequinApi api, Acknowledger acks, ProducerTemplate routes, String bundle) {
        this.api = api;
        this.acks = acks;
        this.routes = routes;
        this.bundle = bundle;
    }

    /**
     * Receives the messages that are there, does something with them, and gives them back: until then nobody else gets them.
     *
     * @param limit the maximum number of messages
     * @param work  gets those that fit into a batch
     * @throws Exception what the work has thrown; or if the server does not answer, or answers with an error: what it does not
     *                   take back comes again when its lease is over
     */
    public <T> T with(int limit, Work<T> work) throws Exception {
        T result;
        try {
            result = work.run(receive(limit));
        } catch (Exception e) {
            try {
                giveBack();
            } catch (Exception also) {
                e.addSuppressed(also);
            }
            throw e;
        }
        giveBack();
        return result;
    }

    private Batch receive(int limit) throws Exception {
        Exchange done = routes.request(
                "direct:" + bundle + "-receive", sent -> sent.getMessage().setBody(api.request(limit, 0)));
        if (done.getException() != null) {
            throw done.getException();
        }
        Batches batches = done.getMessage().getMandatoryBody(Batches.class);
        Batch first = null; // of the others only the tokens are kept
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

    private void giveBack() throws Exception {
        acks.giveBack(List.copyOf(tokens));
        given = tokens.size();
        tokens.clear();
    }

    /** How many messages it has given back. */
    public int given() {
        return given;
    }
}
