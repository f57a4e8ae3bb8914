package io.github.sequinroutes.sandbox.stream;

import com.sun.net.httpserver.HttpExchange;
import io.github.sequinroutes.sandbox.Fault;
import io.github.sequinroutes.sandbox.Faults;
import io.github.sequinroutes.sandbox.RequestKind;
import io.github.sequinroutes.sandbox.Requests;
import io.github.sequinroutes.sandbox.feed.RecordFeed;
import io.github.sequinroutes.sandbox.http.HttpListener;
import java.io.IOException;
import java.util.Collection;

/**
 * A stand-in for the server of the Stream API: {@code /api/sequin_streams/{id or name}} with {@code /receive}, {@code
 * /ack} and {@code /nack}, with its bearer token, its long polls and its errors. Beside the API, {@code POST /records} takes
 * changes of one's own, one a line, for all sinks.
 */
public final class StreamServer implements AutoCloseable {
    private final HttpListener listener;
    private final StreamApi api;
    private final Faults faults = new Faults();
    private final Requests requests = new Requests();

    /** Starts a server on a loopback port, 0 for any that is free; every request must bear the token. */
    public StreamServer(int port, String token) throws IOException {
        api = new StreamApi(token);
        listener = new HttpListener(port, this::handle);
    }

    /** The base URL. */
    public String url() {
        return listener.url();
    }

    /** Adds a sink. */
    public StreamSink sink(String name, SinkOptions options) {
        StreamSink sink = new StreamSink(name, options, System::nanoTime);
        api.add(sink);
        return sink;
    }

    /** All sinks. */
    public Collection<StreamSink> sinks() {
        return api.sinks();
    }

    /** From now on every request must bear this token. */
    public void token(String changed) {
        api.token(changed);
    }

    /**
     * As if replication had been restarted, which the real server does for all sinks at any change of one: what was in
     * flight comes again at once, and of each sink the last {@code replayed} changes that were acked.
     *
     * @return how many changes come again though they were acked
     */
    public int restart(int replayed) {
        return sinks().stream().mapToInt(sink -> sink.restart(replayed)).sum();
    }

    /** Has all sinks respond like this. */
    public void state(SinkState state) {
        sinks().forEach(sink -> sink.state(state));
    }

    /** Closes all connections and refuses new ones, as a server that is not there. */
    public void refuse() throws IOException {
        listener.refuse();
    }

    /** Takes connections again. */
    public void resume() throws IOException {
        listener.resume();
    }

    /** The answer of an exception that has nothing to do with the request, as when the database is away. */
    public static Fault exception() {
        return (exchange, request) -> StreamApi.exception(exchange).send(exchange);
    }

    /** The faults that requests are to meet. */
    public Faults faults() {
        return faults;
    }

    /** Takes changes for all sinks, as {@code POST /records} does. */
    public RecordFeed feed() {
        return api.feed();
    }

    /** The requests that have arrived. */
    public Requests requests() {
        return requests;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void handle(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        RequestKind kind = RequestKind.of(exchange.getRequestURI().getPath());
        requests.add(kind);
        Fault fault = faults.take(kind);
        // with nothing wrong, it compresses for whoever wants that
        (fault == Fault.NONE ? Fault.gzip() : fault).respond(exchange, () -> api.respond(exchange, body));
    }
}
