package io.github.sequinroutes.failure;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.util.ObjectHelper;
import org.apache.hc.client5.http.utils.DateUtils;

/** What the server's error statuses mean, and what to do about them. */
public final class HttpFailures {
    private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);
    private static final Pattern SUMMARY = Pattern.compile("\"summary\"\\s*:\\s*\"([^\"\\\\]{1,200})\"");

    private HttpFailures() {}

    /** Whether the server will refuse every request until the configuration is fixed, here or there. */
    public static boolean isRefusal(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        return http != null
                && switch (http.getStatusCode()) {
                    case 408, 429 -> false;
                    default -> http.getStatusCode() < 500;
                };
    }

    /** Whether the server is away, rather than there and of another mind: nothing answers, or what is in front of it. */
    public static boolean isAway(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        return http == null
                ? ObjectHelper.getException(IOException.class, failure) != null
                : switch (http.getStatusCode()) {
                    case 502, 503, 504 -> true;
                    default -> false;
                };
    }

    /** The key, without the name of a bundle, that is most likely wrong if the server cannot be asked. */
    public static String keyAtFault(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        return switch (http == null ? 0 : http.getStatusCode()) {
            case 401, 403 -> "sequin.token";
            case 404 -> "sequin.consumer";
            case 407 -> "sequin.proxy";
            default -> "sequin.url";
        };
    }

    /** Whether the server failed inside when it was asked for messages: it then holds those that it was about to send. */
    public static boolean isFailedReceive(Throwable failure, String call) {
        HttpOperationFailedException http = httpCause(failure);
        return http != null
                && http.getStatusCode() == 500
                && String.valueOf(http.getUri()).endsWith("/" + call);
    }

    /**
     * Whether the server says nothing of its failure, as when a function of the sink raises. It says more of its own: in
     * a {@code summary}, or, while it starts, in a body that is empty.
     */
    public static boolean isUnexplained(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure);
        String body = http == null || http.getResponseBody() == null ? "" : http.getResponseBody();
        return !body.isBlank() && !body.contains("\"summary\"");
    }

    /**
     * How long the server asks to be left alone, in milliseconds, at most five minutes; 0 if it does not say.
     * {@code Retry-After} is a number of seconds or a date (RFC 9110, 10.2.3).
     */
    public static long retryAfterMillis(Throwable failure) {
        HttpOperationFailedException http = httpCause(failure) == null ? suppressed(failure) : httpCause(failure);
        String wish = http == null ? "" : header(http, "Retry-After");
        Duration pause;
        if (wish.matches("\\d+")) {
            pause = wish.length() > 9 ? MAX_RETRY_AFTER : Duration.ofSeconds(Long.parseLong(wish));
        } else {
            Instant until = DateUtils.parseStandardDate(wish);
            // by the server's own clock, if it tells the time: the two may differ
            Instant now = http == null ? null : DateUtils.parseStandardDate(header(http, "Date"));
            pause = until == null ? Duration.ZERO : Duration.between(now == null ? Instant.now() : now, until);
        }
        return Math.max(0, Math.min(pause.toMillis(), MAX_RETRY_AFTER.toMillis()));
    }

    private static String header(HttpOperationFailedException failure, String name) {
        return failure.getResponseHeaders() == null
                ? ""
                : failure.getResponseHeaders().entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(name))
                        .map(header -> header.getValue().strip())
                        .findFirst()
                        .orElse("");
    }

    /** The first exception of a chain that is an HTTP response of the server, or null. */
    static HttpOperationFailedException httpCause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpOperationFailedException http) {
                return http;
            }
        }
        return null;
    }

    /** The HTTP response of the server that was added to a failure of a batch, or null. */
    static HttpOperationFailedException suppressed(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            for (Throwable other : cause.getSuppressed()) {
                if (httpCause(other) != null) {
                    return httpCause(other);
                }
            }
        }
        return null;
    }

    static String describe(HttpOperationFailedException failure, UnaryOperator<String> keys) {
        String advice =
                switch (failure.getStatusCode()) {
                    case 301, 302, 303, 307, 308 ->
                        ": a redirect, which is not followed; set " + keys.apply("sequin.url") + " to where it leads";
                    case 400 -> ": the request is refused; is this the API that " + keys.apply("sequin.api") + " says?";
                    case 401 -> ": the token is missing or unknown; " + setting(keys.apply("sequin.token"));
                    case 403 ->
                        ": the token may not do this; give it access, or set another " + keys.apply("sequin.token");
                    case 407 ->
                        ", or rather the proxy: it wants a user and a password, or others; set them in "
                                + keys.apply("sequin.proxy") + ", as http://user:password@host:port";
                    case 404 ->
                        ": there is no such consumer, or no such sink of type sequin_stream; check "
                                + keys.apply("sequin.url") + ", " + keys.apply("sequin.consumer") + " and "
                                + keys.apply("sequin.api");
                    case 429 -> ": too many requests";
                    case 500 ->
                        isUnexplained(failure)
                                ? ", without a reason; its log has it: a transform or enrichment function of the sink may"
                                        + " raise, or Sequin's own database be away"
                                : summary(failure.getResponseBody());
                    default -> "";
                };
        return "Sequin answered " + failure.getStatusCode() + advice;
    }

    private static String setting(String token) {
        return token.endsWith("-file")
                ? "write the right one into the file that " + token + " names"
                : "set " + token + ", or the file that " + token + "-file names";
    }

    /** What the server says of its failure, in quotes; nothing if it says nothing. */
    private static String summary(String body) {
        Matcher summary = SUMMARY.matcher(body == null ? "" : body);
        return summary.find() ? ": \"" + Printable.line(summary.group(1)) + '"' : "";
    }
}
