package io.github.sequinroutes.sequin;

import io.github.sequinroutes.message.AckFailedException;
import io.github.sequinroutes.message.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.http.base.HttpOperationFailedException;

/**
 * Acks messages, and gives back those that could not be settled, so that they come again at once and not when their lease
 * is over. The server refuses a whole list for one token that it does not like: the list is halved until that one is
 * alone. If it takes none of them, acks fail. A call that fails does no harm: the messages come again, and the guards absorb
 * them. Thread-safe.
 */
public final class Acknowledger {
    private static final int BAD_REQUEST = 400;

    private final SequinApi api;
    private final Calls calls;
    private final AckFailures failures;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private volatile Listener listener = (call, nanos) -> {};

    /** Is told of calls. */
    public interface Listener {
        /** A call, {@code ack} or {@code nack}, has been answered with success, after so many nanoseconds. */
        void answered(String call, long nanos);
    }

    /** Makes one call, {@code ack} or {@code nack}. */
    interface Calls {
        void send(String call, Map<String, List<String>> body) throws Exception;
    }

    Acknowledger(SequinApi api, AckFailures failures, Calls calls) {
        this.api = api;
        this.failures = failures;
        this.calls = calls;
    }

    /**
     * One that calls the routes {@code direct:<bundle>-ack} and {@code direct:<bundle>-nack}.
     *
     * @param failures is told which acks fail
     * @param routes   what calls routes, asked for when the context is there
     */
    public Acknowledger(SequinApi api, AckFailures failures, Callable<ProducerTemplate> routes, String bundle) {
        this(api, failures, (call, body) -> {
            Exchange done = routes.call().request("direct:" + bundle + "-" + call, exchange -> exchange.getIn()
                    .setBody(body));
            if (done.getException() != null) {
                throw done.getException();
            }
        });
    }

    /**
     * Acks exactly the durable messages of a batch, and gives back those that are not settled.
     *
     * @throws Exception if the server cannot be reached; the batch's own failure, if there is one, then has it as suppressed
     */
    public void settle(Batch batch, Exchange exchange) throws Exception {
        // what failed before: Camel drops a second failure, and with it what the server asks for
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        try {
            ack(batch.durableTokens());
            giveBack(batch.unsettledTokens());
        } catch (Exception e) {
            if (failure != null && failure != e) {
                failure.addSuppressed(e);
            }
            throw e;
        }
    }

    /** Has a listener told of calls from now on. */
    public void listen(Listener told) {
        listener = told;
    }

    /** Gives messages back. */
    public void giveBack(List<String> tokens) throws Exception {
        List<HttpOperationFailedException> refused = new ArrayList<>();
        send("nack", tokens, refused);
        refusals.tell("nack", refused);
    }

    private void ack(List<String> tokens) throws AckFailedException {
        List<HttpOperationFailedException> refused = new ArrayList<>();
        try {
            send("ack", tokens, refused);
        } catch (Exception e) {
            failures.failed(e);
            throw new AckFailedException(e);
        }
        refusals.tell("ack", refused);
        if (!refused.isEmpty() && refused.size() == tokens.size()) {
            failures.failed(refused.get(0));
            if (tokens.size() > 1) { // one that is alone may be at fault itself, and others are not to wait for it
                throw new AckFailedException(refused.get(0));
            }
        }
    }

    private void send(String call, List<String> tokens, List<HttpOperationFailedException> refused) throws Exception {
        if (tokens.isEmpty()) {
            return;
        }
        try {
            long begin = System.nanoTime();
            calls.send(call, api.settlement(tokens));
            if (call.equals("ack")) {
                failures.worked();
            }
            listener.answered(call, System.nanoTime() - begin);
        } catch (HttpOperationFailedException e) {
            if (e.getStatusCode() != BAD_REQUEST) {
                throw e;
            }
            if (tokens.size() == 1) {
                refused.add(e);
                return;
            }
            int middle = tokens.size() / 2;
            send(call, tokens.subList(0, middle), refused);
            send(call, tokens.subList(middle, tokens.size()), refused);
        }
    }
}
