package io.github.sequinroutes.judge;

import org.apache.camel.http.base.HttpOperationFailedException;

/** What the server's error statuses mean, and what to do about them. */
public final class HttpFailures {
    private static final long LONGEST_RETRY_AFTER_SECONDS = 300;

    private HttpFailures() {}

    /** Whether the server will go on refusing until the configuration is mended, here or there. */
    public static boolean isRefusal(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        return http != null
                && switch (http.getStatusCode()) {
                    case 408, 429 -> false;
                    default -> http.getStatusCode() < 500;
                };
    }

    /** How long the server asks to be left alone, in milliseconds, at most five minutes; 0 if it does not say. */
    public static long retryAfterMillis(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        String seconds = http == null || http.getResponseHeaders() == null
                ? null
                : http.getResponseHeaders().entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase("Retry-After"))
                        .map(header -> header.getValue().strip())
                        .findFirst()
                        .orElse(null);
        return seconds == null || !seconds.matches("\\d{1,9}")
                ? 0
                : Math.min(Long.parseLong(seconds), LONGEST_RETRY_AFTER_SECONDS) * 1000;
    }

    /** The first exception of a chain that is an answer of the server, or null. */
    static HttpOperationFailedException httpCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                return http;
            }
        }
        return null;
    }

    static String describe(HttpOperationFailedException failure) {
        String advice =
                switch (failure.getStatusCode()) {
                    case 400 -> ": the request is refused; is this the API that sequin.api says?";
                    case 401 -> ": the token is missing or unknown; set sequin.token";
                    case 403 -> ": the token may not do this; give it access, or set another sequin.token";
                    case 404 -> ": there is no such consumer; check sequin.url and sequin.consumer";
                    case 429 -> ": too many requests";
                    default -> "";
                };
        return "Sequin answered " + failure.getStatusCode() + advice;
    }
}
