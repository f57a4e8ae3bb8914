package io.github.sequinroutes.poll;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/** Authorizes the requests to Sequin below Camel, so that no message, log line or dead letter can hold the token. */
public final class BearerToken implements HttpClientConfigurer {
    private final String token;

    /** Authorizes with this token, or not at all if it is empty. */
    public BearerToken(String token) {
        this.token = token;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        if (!token.isEmpty()) {
            client.addRequestInterceptorLast(
                    (request, entity, context) -> request.setHeader("Authorization", "Bearer " + token));
        }
    }
}
