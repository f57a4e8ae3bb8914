package io.github.sequinroutes.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.TimeUtils;
import org.quartz.CronExpression;

/**
 * Validators of the values of keys: each returns what is wrong, in words for a person, or null if nothing is.
 * A value that may hold a secret is never in the message.
 */
public final class Validators {
    /** Nobody means milliseconds by a number alone. */
    private static final Pattern DURATION = Pattern.compile("0|(?:\\d{1,9}(?:ms|s|m|h|d))+");

    /** As the documents of both APIs have it. */
    private static final Pattern PATH_OF_CONSUMER =
            Pattern.compile("(https?://[^/?#@]+(?:/[^?#@]*?)?)/api/(?:http_pull_consumers|sequin_streams)(?:/.*)?");

    /** An ID behind a semicolon: in a list there is a comma. */
    private static final Pattern SEMICOLON = Pattern.compile(";\\s*[^\\s,;:]+:");

    private Validators() {}

    /** Quotes are part of a value here, but not where people copy it from: a shell, YAML, a file for Docker. */
    public static String quotes(String value) {
        return value.matches("(?s)(['\"`]).*\\1|[\u201c\u201e\u2018\u00ab].*[\u201d\u201c\u2019\u00bb]")
                ? "has quotes around its value, which would be part of it; write it without them"
                : null;
    }

    public static String url(String value) {
        Matcher path = PATH_OF_CONSUMER.matcher(value);
        if (path.matches()) {
            return "must be the base URL, without the path of a consumer; write " + path.group(1);
        }
        try {
            URI url = URI.create(value);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            boolean plain = url.getQuery() == null && url.getFragment() == null && url.getUserInfo() == null;
            return http && url.getHost() != null && plain && !value.endsWith("//")
                    ? null
                    : "must be a base URL such as http://localhost:7376, without user or query";
        } catch (IllegalArgumentException e) {
            return "is not a URL such as http://localhost:7376";
        }
    }

    public static String token(String value) {
        if (value.matches("(?i)bearer\\s.*")) {
            return "must be the token alone, without the word Bearer before it";
        }
        return value.matches("[\\x21-\\x7e]*") ? null : "must be a token without spaces or line breaks";
    }

    public static String sqlStates(String value) {
        return value.matches("([0-9A-Z]{2}|[0-9A-Z]{5})?( *, *([0-9A-Z]{2}|[0-9A-Z]{5}))*")
                ? null
                : "must be a list of SQLSTATEs such as 08, 55P03";
    }

    public static String collections(String value) {
        if (SEMICOLON.matcher(value).find()) {
            return "must be a list with commas, such as stripe:event, github:push, and has a semicolon";
        }
        return value.contains("*")
                ? "must name each collection, such as stripe:event, and knows no patterns, not '" + value + "'"
                : null;
    }

    public static String cron(String value) {
        return isCron(value)
                ? null
                : "must be a Quartz cron expression such as 0 0/5 * * * ? with a time to come, not '" + value + "'";
    }

    private static boolean isCron(String value) {
        try {
            // Quartz accepts a day that never comes until its trigger is scheduled
            return new CronExpression(value).getNextValidTimeAfter(Date.from(Instant.now())) != null;
        } catch (ParseException | RuntimeException e) {
            return false;
        }
    }

    public static String schedule(String value) {
        return value.equals("continuous") || isCron(value)
                ? null
                : "must be 'continuous' or a Quartz cron expression such as 0 0/5 * * * ? with a time to come, not '"
                        + value + "'";
    }

    /** Whether the folder is in the application's jar, and not on disk. */
    public static boolean isOnClassPathOnly(String folder) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return !Files.isDirectory(Path.of(folder))
                && loader != null
                && loader.getResource(folder + "/collections") != null;
    }

    public static String routes(String value) {
        try {
            return value.startsWith("classpath:")
                            || isOnClassPathOnly(value)
                            || Files.isDirectory(Path.of(value, "collections"))
                    ? null
                    : "must be a folder with the routes in it, and '"
                            + Path.of(value).toAbsolutePath() + "' has no folder 'collections'";
        } catch (InvalidPathException e) {
            return "must be a folder with the routes in it";
        }
    }

    public static Function<String, String> oneOf(String... allowed) {
        return value -> List.of(allowed).contains(value)
                ? null
                : "must be " + String.join(" or ", allowed) + ", not '" + value + "'";
    }

    public static Function<String, String> matches(String pattern, String what) {
        return value -> value.matches(pattern) ? null : "must be " + what;
    }

    public static Function<String, String> number(int min, int max) {
        return value -> {
            boolean valid =
                    value.matches("\\d{1,9}") && Integer.parseInt(value) >= min && Integer.parseInt(value) <= max;
            return valid ? null : "must be a whole number from %d to %d, not '%s'".formatted(min, max, value);
        };
    }

    public static Function<String, String> duration(long min, long max) {
        return value -> {
            // Camel's own reader takes "-1s" for a second, and stumbles over a word
            if (DURATION.matcher(value).matches()) {
                long millis = TimeUtils.toMilliSeconds(value);
                if (millis >= min && millis <= max) {
                    return null;
                }
            }
            return "must be a duration with its unit, such as 500ms, 5s or 2m, from %d to %d ms, not '%s'"
                    .formatted(min, max, value);
        };
    }
}
