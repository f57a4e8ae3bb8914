package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 37: each message that was received is in one count. */
class MetricsTest {
    private static MeterRegistry registry(TestBundle bundle) {
        return bundle.standalone().context().getRegistry().findSingleByType(MeterRegistry.class);
    }

    /** What is counted, by one tag or several; not what is 0. */
    static Map<String, Integer> counts(TestBundle bundle, String name, String... tags) {
        Map<String, Integer> counts = new TreeMap<>();
        for (FunctionCounter counter : registry(bundle).get(name).functionCounters()) {
            String key = Set.of(tags).size() == 1
                    ? counter.getId().getTag(tags[0])
                    : counter.getId().getTag(tags[0]) + " " + counter.getId().getTag(tags[1]);
            counts.merge(key, (int) counter.count(), Integer::sum);
        }
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(count -> count).sum();
    }

    private static int received(TestBundle bundle) {
        return (int) registry(bundle).get("sequin.batch.messages").summary().totalAmount();
    }

    /** The value of a gauge of a bundle. */
    static double gauge(TestBundle bundle, String name) {
        return registry(bundle).get(name).gauge().value();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachMessageIsCountedOnce(boolean ledger) throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.set("sequin.ignore", "test:ignored")
                    .set("sequin.workers", "1")
                    .set("sequin.sets", ledger ? "rows" : "auto")
                    .set("sequin.batch-size", "10");
            Things.guarded(bundle, ledger);
            bundle.database().execute("alter table things add check (value <> 'bad')");
            // three batches
            bundle.offer(IntStream.range(0, 10)
                            .mapToObj(i -> Things.thing(i, 5))
                            .toArray(String[]::new))
                    .offer(
                            Things.thing(0, 3),
                            Things.thing(1, 4),
                            Things.thing(2, 6),
                            Things.thing(2, 7),
                            TestRecord.of("test:thing", "thing-3", 6, true, "{}"),
                            Things.thing(4, 9),
                            "[]",
                            TestRecord.of("no:route-1", "a", 1, "{}"),
                            TestRecord.of("no:route-2", "a", 1, "{}"),
                            TestRecord.of("test:ignored", "a", 1, "{}"))
                    .offer(
                            Things.thing(0, 9),
                            Things.thing(1, 2),
                            TestRecord.of("test:thing", "bad", 1, "{\"value\": \"bad\"}"))
                    .start()
                    .awaitDrained();
            Map<String, Integer> expected = new TreeMap<>(Map.of(
                    "test:thing written", 13,
                    "test:thing ignored-as-old", 3,
                    "test:thing superseded", 1,
                    "test:thing deleted", 1,
                    "test:thing dead-lettered", 1,
                    "(no route) dead-lettered", 3,
                    "test:ignored ignored", 1));
            await().untilAsserted(
                            () -> assertEquals(expected, counts(bundle, "sequin.messages", "collection", "outcome")));
            assertEquals(23, received(bundle));
            assertEquals(23, sum(expected));
            assertEquals(ledger ? Set.of("singly", "rows") : Set.of("singly", "set"), ways(bundle));
            assertEquals(
                    Map.of("malformed", 1, "unknown-collection", 2, "rejected", 1),
                    counts(bundle, "sequin.dead.letters", "reason"));
            assertTrue(sum(counts(bundle, "sequin.isolations", "collection")) > 0);
            await().untilAsserted(() -> assertEquals(4, gauge(bundle, "sequin.dead.letters.pending")));
            await().untilAsserted(() -> assertEquals(0, gauge(bundle, "sequin.lag.seconds")));
            await().untilAsserted(() -> assertEquals(0, gauge(bundle, "sequin.pending.messages")));
            await().untilAsserted(() -> assertEquals(0, gauge(bundle, "sequin.in.flight.messages")));
            pausedCollectionIsNamed(bundle);
        }
    }

    /** What it leaves unacked is received again and again, and counted as often. */
    private static void pausedCollectionIsNamed(TestBundle bundle) throws Exception {
        bundle.database().execute("alter table things rename to others");
        bundle.offer(Things.thing(5, 9));
        await().untilAsserted(() -> assertEquals(Set.of("test:thing"), paused(bundle)));
        await().until(() -> counts(bundle, "sequin.messages", "outcome").containsKey("left-unacked"));
        await().untilAsserted(() -> assertEquals(received(bundle), sum(counts(bundle, "sequin.messages", "outcome"))));
        bundle.database().execute("alter table others rename to things");
        bundle.awaitDrained();
        await().untilAsserted(() -> assertEquals(Set.of(), paused(bundle)));
        assertEquals(received(bundle), sum(counts(bundle, "sequin.messages", "outcome")));
        assertTrue(counts(bundle, "sequin.polls", "outcome").keySet().containsAll(Set.of("messages", "empty")));
        Set<String> collections = registry(bundle).getMeters().stream()
                .map(meter -> meter.getId().getTag("collection"))
                .filter(name -> name != null)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of("(no route)", "test:ignored", "test:thing"), collections);
    }

    /** How records have been sent. */
    private static Set<String> ways(TestBundle bundle) {
        return registry(bundle).get("sequin.statement.records").summaries().stream()
                .filter(ofOneWay -> ofOneWay.count() > 0)
                .map(ofOneWay -> ofOneWay.getId().getTag("way"))
                .collect(Collectors.toSet());
    }

    private static Set<String> paused(TestBundle bundle) {
        return registry(bundle).find("sequin.collection.paused").meters().stream()
                .map(Meter::getId)
                .map(id -> id.getTag("collection"))
                .collect(Collectors.toSet());
    }
}
