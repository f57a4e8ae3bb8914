package io.github.sequinroutes.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.sequinroutes.deadletter.DeadLetterTable.Count;
import io.github.sequinroutes.deadletter.DeadLetterTable.Summary;
import io.github.sequinroutes.deadletter.Replay;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Prints dead letters, and what has become of them, for people or as one JSON object. */
final class DeadLetterReport {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    /** What the server quotes of a row can be long; --show has all of it. */
    private static final int MAX_ERROR = 300;

    private final PrintWriter out;
    private final boolean isJson;

    DeadLetterReport(PrintWriter out, boolean isJson) {
        this.out = out;
        this.isJson = isJson;
    }

    /** How many there are of each kind. */
    void counts(List<Count> counts) {
        if (isJson) {
            print(JSON.createObjectNode().set("counts", counts(JSON.createArrayNode(), counts)));
            return;
        }
        out.printf("%-30s %-20s %-8s %9s %9s%n", "collection", "reason", "sqlstate", "pending", "replayed");
        for (Count count : counts) {
            out.printf(
                    "%-30s %-20s %-8s %9d %9d%n",
                    text(count.collection()),
                    count.reason(),
                    count.sqlState() == null ? "" : count.sqlState(),
                    count.total() - count.replayed(),
                    count.replayed());
        }
    }

    private static ArrayNode counts(ArrayNode array, List<Count> counts) {
        counts.forEach(count -> array.addObject()
                .put("collection", count.collection())
                .put("reason", count.reason())
                .put("sqlstate", count.sqlState())
                .put("pending", count.total() - count.replayed())
                .put("replayed", count.replayed()));
        return array;
    }

    /**
     * The same, and the last ones that are still to be replayed.
     *
     * @param routed  the collections that have a route by now, with {@code *} for any
     * @param options those of the command with which all that match are replayed
     */
    void list(List<Count> counts, List<Summary> newest, Set<String> routed, String options) {
        if (isJson) {
            ObjectNode node = JSON.createObjectNode();
            counts(node.putArray("counts"), counts);
            ArrayNode array = node.putArray("dead_letters");
            newest.forEach(each -> array.addObject()
                    .put("id", each.id())
                    .put("collection", each.collection())
                    .put("record_id", each.recordId())
                    .put("version", each.version())
                    .put("reason", each.reason())
                    .put("sqlstate", each.sqlState())
                    .put("error", each.error())
                    .put("attempts", each.attempts())
                    .put("last_failed_at", each.lastFailedAt())
                    .put("age_seconds", each.ageSeconds()));
            print(node);
            return;
        }
        counts(counts);
        if (newest.isEmpty()) {
            return;
        }
        long pending = counts.stream()
                .mapToLong(count -> count.total() - count.replayed())
                .sum();
        out.printf(
                "%nPending, what failed last at first%s:%n",
                newest.size() < pending ? ", " + newest.size() + " of " + pending + " (--limit shows more)" : "");
        out.printf("%10s %5s %8s  %s%n", "id", "age", "attempts", "record and error");
        for (Summary each : newest) {
            out.printf(
                    "%10d %5s %8d  %s%n",
                    each.id(),
                    age(each.ageSeconds()),
                    each.attempts(),
                    record(each.collection(), each.recordId(), each.version()) + ": " + each.reason() + ": "
                            + (each.hadNoRoute() && (routed.contains(each.collection()) || routed.contains("*"))
                                    ? "there was no route for it, and there is one now: replay it"
                                    : error(each.error())));
        }
        out.printf("%nTo replay %s, at once: replay %s%n", pending == 1 ? "this one" : "these " + pending, options);
    }

    /** How many others have pending; they may be those of the same consumer by another name. */
    void ofOthers(Map<String, Long> pending) {
        if (!isJson && !pending.isEmpty()) {
            out.printf(
                    "%nPending of other consumers, set sequin.consumer to one of them for its dead letters: %s%n",
                    pending.entrySet().stream()
                            .map(each -> Printable.of(each.getKey()) + " " + each.getValue())
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String record(String collection, String id, String version) {
        return (collection == null ? "(no collection)" : text(collection))
                + " " + (id == null ? "(no ID)" : text(id))
                + (version == null ? "" : ", version " + version);
    }

    private static String text(String text) {
        return text == null ? "" : Printable.of(text);
    }

    private static String error(String error) {
        String line = Printable.line(error);
        return line.length() <= MAX_ERROR ? line : line.substring(0, MAX_ERROR) + "... (--show has all)";
    }

    /** An age in its largest unit. */
    static String age(long seconds) {
        return seconds < 60
                ? seconds + "s"
                : seconds < 3600
                        ? seconds / 60 + "m"
                        : seconds < 86_400 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
    }

    /** One, by the names of its columns. */
    void show(Map<String, String> columns) {
        if (isJson) {
            print(columns);
        } else {
            columns.forEach(
                    (name, value) -> out.printf("%-15s %s%n", name, value == null ? "" : Printable.line(value)));
        }
    }

    /** How many were deleted. */
    void discarded(int count) {
        if (isJson) {
            print(Map.of("discarded", count));
        } else {
            out.printf("%d dead letter%s discarded.%n", count, count == 1 ? "" : "s");
        }
    }

    /**
     * What a replay has done, and why what failed again did so.
     *
     * @param paused the collections that are paused, with the error of each
     * @return the exit status
     */
    int replayed(Replay.Result result, Map<String, String> paused) {
        Map<Outcome, Integer> counts = result.outcomes();
        int written = counts.getOrDefault(Outcome.WRITTEN, 0) + counts.getOrDefault(Outcome.SUPERSEDED, 0);
        int failed = counts.getOrDefault(Outcome.DEAD_LETTERED, 0);
        int left = counts.getOrDefault(Outcome.LEFT_UNACKED, 0) + counts.getOrDefault(Outcome.UNSETTLED, 0);
        Map<String, String> why = new TreeMap<>(paused);
        why.keySet().retainAll(result.left());
        if (isJson) {
            ObjectNode node = JSON.createObjectNode()
                    .put("replayed", written)
                    .put("failed", failed)
                    .put("left", left);
            node.set("refused", JSON.valueToTree(result.refused()));
            ArrayNode failures = node.putArray("failures");
            result.failed().forEach(each -> failures.addObject()
                    .put("id", each.id())
                    .put("collection", each.collection())
                    .put("record_id", each.recordId())
                    .put("reason", each.rejection().reason())
                    .put("sqlstate", each.rejection().sqlState())
                    .put("error", each.rejection().error()));
            node.set("paused", JSON.valueToTree(why));
            print(node);
        } else {
            out.printf(
                    "%d replayed, %d failed again, %d left because their collection is paused.%n",
                    written, failed, left);
            printRefused(result.refused());
            printFailed(result.failed(), failed);
            why.forEach((collection, error) ->
                    out.printf("%s is paused: %s%n", Printable.of(collection), Printable.of(error)));
        }
        return failed + left + result.refused().size() == 0 ? 0 : 1;
    }

    private void printRefused(List<Long> refused) {
        if (!refused.isEmpty()) {
            out.printf(
                    "%d refused, the first is %d: their text may not be what was received; see docs/failures.md.%n",
                    refused.size(), refused.get(0));
        }
    }

    private void printFailed(List<Replay.Failed> some, int all) {
        for (Replay.Failed each : some) {
            out.printf(
                    "%10d  %s%n",
                    each.id(),
                    record(each.collection(), each.recordId(), null) + ": "
                            + each.rejection().reason() + ": "
                            + error(each.rejection().error()));
        }
        if (some.size() < all) {
            out.printf("and %d more; --list shows them%n", all - some.size());
        }
    }

    private void print(Object value) {
        out.println(JSON.valueToTree(value).toPrettyString());
    }
}
