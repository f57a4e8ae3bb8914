package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.RequestKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/promises.md 54: two different messages never share a dead letter, and one that comes again has only one. */
class DeadLetterIdentityTest {
    private static final String TOKEN = "\"ack_token\": \"t\"";

    /** A message with a token. */
    private static String message(String record) {
        return "{" + TOKEN + ", \"record\": " + record + "}";
    }

    /** A record that has no route. */
    private static String record(String collection, String id, String more) {
        return "{\"collection_id\": \"%s\", \"id\": \"%s\"%s}".formatted(collection, id, more);
    }

    /** Two messages that must not be taken for one. */
    private record Difference(String what, String one, String other) {}

    /** Answers every request with these messages, as they are, whatever became of them the last time. */
    private static void answer(TestBundle bundle, String... messages) {
        answer(bundle, ("[" + String.join(", ", messages) + "]").getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(TestBundle bundle, byte[] messages) {
        bundle.server()
                .faults()
                .next(
                        1_000,
                        (exchange, request) -> {
                            exchange.sendResponseHeaders(200, messages.length);
                            exchange.getResponseBody().write(messages);
                        },
                        RequestKind.NEXT);
    }

    /** Waits until every message has been stored, several times and by every worker. */
    private static void awaitAttempts(TestBundle bundle) {
        await().ignoreExceptions().until(() -> bundle.database()
                .value("select min(attempts) > 8 from sequin.dead_letters")
                .equals("t"));
    }

    private static List<Difference> differences() {
        String version = ", \"updated_idx\": 1";
        return List.of(
                new Difference(
                        "a line break in the collection, or in the ID",
                        message(record("c\\na", "b", version)),
                        message(record("c", "a\\nb", version))),
                new Difference(
                        "a line break that ends the ID, or not",
                        message(record("c", "a\\n1", ", \"updated_idx\": 2")),
                        message(record("c", "a", ", \"updated_idx\": 2"))),
                new Difference(
                        "a backslash and an n in the ID, or a line break",
                        message(record("c", "a\\\\n", version)),
                        message(record("c", "a\\n", version))),
                new Difference(
                        "an empty ID, with other fields",
                        message(record("c", "", version + ", \"x\": 1")),
                        message(record("c", "", version + ", \"x\": 2"))),
                new Difference(
                        "no collection, with other fields",
                        message("{\"id\": \"a\", \"updated_idx\": 1, \"x\": 1}"),
                        message("{\"id\": \"a\", \"updated_idx\": 1, \"x\": 2}")),
                new Difference(
                        "an empty collection, or none",
                        message(record("", "a", version)),
                        message("{\"id\": \"a\", \"updated_idx\": 1}")),
                new Difference(
                        "an empty ID, or none", message(record("c", "", "")), message("{\"collection_id\": \"c\"}")),
                new Difference(
                        "U+0000 in the ID, or its literal text",
                        message(record("c", "a\\u0000", version)),
                        message(record("c", "a\\\\u0000", version))),
                new Difference(
                        "U+0000 in the collection, or its literal text",
                        message(record("c\\u0000", "a", version)),
                        message(record("c\\\\u0000", "a", version))),
                new Difference(
                        "halves of different surrogate pairs",
                        message(record("c", "a\\ud800", version)),
                        message(record("c", "a\\ud801", version))),
                new Difference(
                        "half of a surrogate pair, or a question mark",
                        message(record("c", "a\\udc00", version)),
                        message(record("c", "a?", version))),
                new Difference(
                        "an ack_token in the record",
                        message(record("c", "a", ", \"ack_token\": \"x\"")),
                        message(record("c", "a", ", \"ack_token\": \"y\""))),
                new Difference(
                        "an ack_id in the record, and no token",
                        "{\"record\": " + record("c", "a", ", \"data\": {\"ack_id\": \"x\"}") + "}",
                        "{\"record\": " + record("c", "a", ", \"data\": {\"ack_id\": \"y\"}") + "}"),
                new Difference(
                        "an ack_id in the record, and the token after it",
                        "{\"record\": " + record("c", "a", ", \"ack_id\": \"x\"") + ", " + TOKEN + "}",
                        "{\"record\": " + record("c", "a", ", \"ack_id\": \"y\"") + ", " + TOKEN + "}"),
                new Difference(
                        "something that is no token where the token should be",
                        "{\"ack_token\": {\"x\": 1}, \"record\": 5}",
                        "{\"ack_token\": {\"x\": 2}, \"record\": 5}"),
                new Difference(
                        "a record before one that is no object",
                        "{" + TOKEN + ", \"record\": " + record("c", "a", version) + ", \"record\": 5}",
                        "{" + TOKEN + ", \"record\": " + record("c", "a", version) + ", \"record\": 6}"),
                new Difference(
                        "a text that looks like a token",
                        "\"\\\"ack_id\\\":\\\"x\\\"\"",
                        "\"\\\"ack_id\\\":\\\"y\\\"\""),
                new Difference(
                        "two versions",
                        message(record("c", "v", version)),
                        message(record("c", "v", ", \"updated_idx\": 2"))),
                new Difference(
                        "a version, or none", message(record("c", "a", version)), message(record("c", "a", ""))));
    }

    @Test
    void differentMessagesAreDifferentDeadLetters() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            answer(
                    bundle,
                    differences().stream()
                            .flatMap(difference -> Stream.of(difference.one, difference.other))
                            .toArray(String[]::new));
            bundle.start();
            awaitAttempts(bundle);
            List<String> stored = bundle.database().rows("select message from sequin.dead_letters");
            assertEquals(
                    List.of(),
                    differences().stream()
                            .filter(difference ->
                                    !stored.contains(difference.one) || !stored.contains(difference.other))
                            .map(Difference::what)
                            .toList());
        }
    }

    private static Map<String, String> messagesByPlaceOfToken() {
        return Map.ofEntries(
                Map.entry("before the record", "{\"ack_token\": \"%s\", \"record\": 5}"),
                Map.entry("after the record", "{\"record\": 5 , \"ack_id\" :\n \"%s\"}"),
                Map.entry("a number", "{\"ack_id\": 17%s, \"record\": 5}"),
                Map.entry("with escapes", "{\"ack_token\": \"\\\"%s\\u0041\\\\\", \"record\": 6}"),
                Map.entry("named with an escape", "{\"ack\\u005ftoken\": \"%s\", \"record\": 5}"),
                Map.entry("two of them", "{\"ack_id\": \"a%1$s\", \"record\": 5, \"ack_token\": \"b%1$s\"}"),
                Map.entry(
                        "with a record that has no version",
                        "{\"ack_token\": \"%s\", \"record\": {\"collection_id\": \"c\", \"id\": \"a\", \"ack_id\": 1}}"),
                Map.entry(
                        "with a record and a version",
                        "{\"ack_token\": \"%s\", \"record\": {\"collection_id\": \"c\", \"id\": \"a\\u0000\\n\","
                                + " \"updated_idx\": 1}}"));
    }

    @Test
    void theSameMessageWithAnotherTokenIsTheSameDeadLetter() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            answer(
                    bundle,
                    messagesByPlaceOfToken().values().stream()
                            .flatMap(message -> Stream.of("1", "23", "456").map(message::formatted))
                            .toArray(String[]::new));
            bundle.start();
            awaitAttempts(bundle);
            assertEquals(
                    messagesByPlaceOfToken().size() + "",
                    bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    @Test
    void aTextThatIsNotUtf8IsToldFromAnother() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            String messages = Stream.of("\u00e4", "\u00f6")
                    .map(c -> message(record("c", "a", ", \"x\": \"" + c + "\"")))
                    .collect(Collectors.joining(", ", "[", "]"));
            answer(bundle, messages.getBytes(StandardCharsets.ISO_8859_1));
            bundle.start();
            awaitAttempts(bundle);
            assertEquals("2", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }
}
