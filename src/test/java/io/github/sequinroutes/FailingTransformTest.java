package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;

/** docs/promises.md 66: a message for which a function of the sink raises is isolated; it alone does not come. */
class FailingTransformTest {
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(40);

    @Test
    void theOthersAreWrittenAndWhatToFixIsNamed() throws Exception {
        try (StreamServer server = new StreamServer(LEASE);
                TestBundle bundle = Products.bundle(server.url(), LEASE)) {
            IntStream.rangeClosed(1, 300).forEach(server::offer);
            server.raiseFor(Set.of(57));
            bundle.set("sequin.batch-size", "100").start();

            String failing = new UUID(0, 57).toString();
            await().atMost(SOON).until(() -> server.left().equals(List.of(failing)));
            assertEquals("299", bundle.database().value("select count(*) from products"));
            bundle.awaitUnhealthy("consumer test for 1 of its messages");
            bundle.awaitUnhealthy("transform or enrichment function of the sink");

            // it is isolated: with full batches again, what comes now is not held up
            int before = server.sizes().size();
            long began = System.nanoTime();
            for (int id = 301; id <= 1_000; id++) {
                server.offer(id);
            }
            await().atMost(SOON).until(() -> server.left().equals(List.of(failing)));
            await().atMost(SOON).until(() -> server.sizes().size() > before + 30);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
            int requests = server.sizes().size() - before;
            assertTrue(requests <= 60 + 20 * (seconds + 1), requests + " requests in " + seconds + " s");
            assertTrue(server.sizes().subList(before, server.sizes().size()).contains(100));

            server.raiseFor(Set.of());
            await().atMost(SOON).until(() -> server.left().isEmpty());
            assertEquals("1000", bundle.database().value("select count(*) from products"));
            bundle.awaitHealthy();
            assertEquals(HealthCheck.State.UP, bundle.health().getState());
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** The rows of one update, say: they are the oldest, so they come before all others. */
    @Test
    void manyOfThemOneBesideTheOtherDoNotHoldUpTheOthers() throws Exception {
        try (StreamServer server = new StreamServer(Duration.ofSeconds(10));
                TestBundle bundle = Products.bundle(server.url(), Duration.ofSeconds(10))) {
            Set<Integer> failing =
                    Set.copyOf(IntStream.rangeClosed(1, 20).boxed().toList());
            IntStream.rangeClosed(1, 200).forEach(server::offer);
            server.raiseFor(failing);
            bundle.set("sequin.batch-size", "10").start();
            await().atMost(SOON).until(() -> server.left().size() == failing.size());
            assertEquals("180", bundle.database().value("select count(*) from products"));
        }
    }
}
