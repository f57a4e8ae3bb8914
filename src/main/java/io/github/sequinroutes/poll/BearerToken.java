package io.github.sequinroutes.poll;

import java.util.function.Supplier;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/** Authorizes the requests to Sequin below Camel, so that no message, log line or dead letter can hold the token. */
public final class BearerToken implements HttpClientConfigurer {
    private final Supplier<String> token;

    /** Authorizes with this token, or not at all if it is empty. */
    public BearerToken(String token) {
        this(() -> token);
    }

    /** Authorizes each request with the token that is supplied then, or not at all if it is empty. */
    public BearerToken(Supplier<String> token) {
        this.token = token;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.addRequestInterceptorLast((request, entity, context) -> {
            String current = token.get();
            if (!current.isEmpty()) {
                request.setHeader("Authorization", "Bearer " + current);
            }
        });
    }
}
