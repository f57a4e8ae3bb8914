package io.github.sequinroutes.sandbox.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the parameters of requests, with the real server's limits and messages. */
final class StreamParameters {
    private static final String BATCH_SIZE =
            "Invalid `max_batch_size`. `max_batch_size` must be an integer between 1 and 1000.";
    private static final String WAIT_LIMITS = "Invalid `wait_for`. Must be between 500 and 300,000 milliseconds,"
            + " or use duration format like '60s', '5m', '1000ms'.";
    private static final String WAIT_FORM =
            "Invalid `wait_for`. When using duration strings, format must be like '60s', '5m', or '1000ms'.";
    private static final String ACK_IDS = "Invalid ack_ids. Must send a top-level `ack_ids` property that is a"
            + " non-empty list of valid UUID strings";
    private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");
    private static final Pattern DURATION = Pattern.compile("(-?\\d{1,9})(ms|s|m)?");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}");

    private StreamParameters() {}

    /** The batch size; the deprecated name wins. */
    static int batchSize(JsonNode request) throws StreamError {
        JsonNode value = request.has("batch_size") ? request.get("batch_size") : request.get("max_batch_size");
        if (value == null) {
            return 1;
        }
        if (value.isTextual() && !INTEGER.matcher(value.textValue()).matches()) {
            throw StreamError.refusal(400, BATCH_SIZE);
        }
        long size = number(value);
        if (size < 1 || size > 1000) {
            throw StreamError.refusal(400, BATCH_SIZE);
        }
        return (int) size;
    }

    /** How long to wait for messages. */
    static Duration waitFor(JsonNode request) throws StreamError {
        JsonNode value = request.get("wait_for");
        if (value == null || value.isNull()) {
            return Duration.ZERO;
        }
        long millis = value.isTextual() ? millis(value.textValue()) : number(value);
        if (millis < 500 || millis > 300_000) {
            throw StreamError.refusal(400, WAIT_LIMITS);
        }
        return Duration.ofMillis(millis);
    }

    private static long millis(String text) throws StreamError {
        Matcher duration = DURATION.matcher(text);
        if (!duration.matches()) {
            throw StreamError.refusal(400, WAIT_FORM);
        }
        long count = Long.parseLong(duration.group(1));
        return switch (duration.group(2) == null ? "ms" : duration.group(2)) {
            case "s" -> count * 1000;
            case "m" -> count * 60_000;
            default -> count;
        };
    }

    /** A number, its fraction cut off, or a string of one; whatever else is there brings the real server down, too. */
    private static long number(JsonNode value) throws StreamError {
        if (value.isNumber()) {
            return value.longValue();
        }
        if (value.isTextual()) {
            return Long.parseLong(value.textValue());
        }
        throw StreamError.exception(500);
    }

    /** The ack IDs, as they are: they are compared byte for byte. */
    static List<String> ackIds(JsonNode request) throws StreamError {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : request.path("ack_ids")) {
            if (!id.isTextual() || !UUID.matcher(id.textValue()).matches()) {
                throw StreamError.refusal(400, ACK_IDS);
            }
            ids.add(id.textValue());
        }
        if (ids.isEmpty() || !request.path("ack_ids").isArray()) {
            throw StreamError.refusal(400, ACK_IDS);
        }
        return ids;
    }
}
