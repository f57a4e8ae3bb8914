package io.github.sequinroutes.sequin;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * How requests go to Sequin: what they carry, how long they may take, and what becomes of their connections.
 * It stands here and not in the routes because most of these are options of Camel's HTTP component: the component
 * belongs to the host, and an endpoint sends options that it does not know to the server, as a query. Thread-safe.
 */
public final class SequinHttpClient implements HttpClientConfigurer {
    /** What HTTP and the API need. The proxy's authorization is there only if the host has set up a proxy. */
    private static final Set<String> NEEDED = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "host",
            "proxy-authorization",
            "transfer-encoding",
            "user-agent");

    private static final Timeout CONNECT_TIMEOUT = Timeout.ofSeconds(5);
    /** What is silent altogether fails by itself before. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** What is wrong with an answer that has not come as a whole when it should have. */
    static final String DRIPS = "its answer drips";

    private static final int MAX_ERROR_BYTES = 64 * 1024;

    private final Supplier<String> token;
    private final Duration responseTimeout;
    private final ServerConnections connections;
    private final Duration allowed;
    private final Silence silence;

    /**
     * A client for requests of one kind.
     *
     * @param token           supplies the bearer token for each request; an empty one is not sent
     * @param responseTimeout how long the server may take until its response has begun, be silent in it, and let it drip
     * @param connections     how to reach the server
     * @param allowed         for how long the server may keep a request open and be well
     * @param silence         is told when it is silent
     */
    public SequinHttpClient(
            Supplier<String> token,
            Duration responseTimeout,
            ServerConnections connections,
            Duration allowed,
            Silence silence) {
        this.token = token;
        this.responseTimeout = responseTimeout;
        this.connections = connections;
        this.allowed = allowed;
        this.silence = silence;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        connections.configure(client);
        client.setDefaultRequestConfig(limits())
                .setUserAgent("sequin-postgres-routes")
                // the worker backs off, where it can be seen; the client would sleep, for as long as Retry-After says
                .disableAutomaticRetries()
                // the token is for this server alone
                .disableRedirectHandling()
                .disableCookieManagement()
                // nobody asks for them without cookies; the client's own would read ten thousand domains at its start
                .setDefaultCookieSpecRegistry(name -> null)
                .setConnectionReuseStrategy((request, response, context) -> isSuccess(response)
                        && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(request, response, context))
                .addRequestInterceptorLast((request, entity, context) -> setHeaders(request))
                .addExecInterceptorLast("sequin", this::execute);
    }

    @SuppressWarnings("deprecation") // its successor is set in the pool, which is the host's, with its TLS
    private RequestConfig limits() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(CONNECT_TIMEOUT)
                .setConnectTimeout(CONNECT_TIMEOUT)
                .setResponseTimeout(Timeout.of(responseTimeout))
                .build();
    }

    private void setHeaders(HttpRequest request) {
        for (Header header : request.getHeaders()) {
            if (!NEEDED.contains(header.getName().toLowerCase(Locale.ROOT))) {
                request.removeHeaders(header.getName());
            }
        }
        connections.authorize(request);
        request.setHeader("Accept", "application/json");
        request.setHeader("Content-Type", "application/json");
        // below Camel, so that no message, log line or dead letter can hold the token
        String current = token.get();
        if (!current.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + current);
        }
    }

    private ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        ClassicHttpResponse response = proceed(request, scope, chain);
        HttpEntity entity = response.getEntity();
        if (entity != null) {
            response.setEntity(
                    isSuccess(response)
                            ? new AbortableEntity(entity, scope.execRuntime, silence, responseTimeout.toNanos())
                            : errorOf(entity, scope.execRuntime));
        }
        return response;
    }

    private ClassicHttpResponse proceed(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        Object waiting = silence.began(allowed.toNanos());
        CompletableFuture<Void> answered = new CompletableFuture<>();
        // a server that sends its headers byte by byte is never silent for as long as a read may take
        var unused = answered.orTimeout(responseTimeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
                .exceptionally(late -> {
                    scope.execRuntime.discardEndpoint();
                    return null;
                });
        try {
            return chain.proceed(request, scope);
        } catch (IOException e) {
            if (answered.isCompletedExceptionally()) {
                throw (IOException) new SocketTimeoutException(DRIPS).initCause(e);
            }
            throw e;
        } finally {
            answered.complete(null);
            silence.ended(waiting);
        }
    }

    private static boolean isSuccess(HttpResponse response) {
        return response.getCode() / 100 == 2;
    }

    /**
     * Reads what an error says and drops its connection, on which more may come than the response: a server in trouble
     * may send a second one. What is too long, or does not come in time, is not worth waiting for: the status says
     * enough.
     *
     * @return null if it could not be read
     */
    private HttpEntity errorOf(HttpEntity entity, ExecRuntime connection) {
        long deadline = System.nanoTime() + responseTimeout.toNanos();
        byte[] bytes = new byte[MAX_ERROR_BYTES];
        int length = 0;
        try {
            InputStream in = entity.getContent();
            int count = 0;
            while (count >= 0 && length < bytes.length && System.nanoTime() - deadline < 0) {
                length += count;
                count = in.read(bytes, length, bytes.length - length);
            }
            return count >= 0
                    ? null
                    : new ByteArrayEntity(
                            bytes,
                            0,
                            length,
                            ContentType.parseLenient(entity.getContentType()),
                            entity.getContentEncoding());
        } catch (IOException e) {
            return null;
        } finally {
            connection.discardEndpoint();
        }
    }
}
