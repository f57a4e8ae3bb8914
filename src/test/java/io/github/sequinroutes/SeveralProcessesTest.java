package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 3 and 4: several processes on one consumer, which stall past their leases, and wake up late. */
class SeveralProcessesTest {
    private static final int KEYS = 300;

    private static String version(int key, long version, boolean deleted) {
        return TestRecord.of(
                "test:thing", "thing-%03d".formatted(key), version, deleted, "{\"value\": " + version + "}");
    }

    @Tag("long")
    @Tag(TestBulkhead.QUIET)
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoeverStallsTheHighestVersionStays(boolean ledger) throws Exception {
        long seed = Long.getLong("processes.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, String> newest = new TreeMap<>();
        List<String> offered = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            for (int version = 1; version <= 8; version++) {
                boolean deleted = random.nextInt(3) == 0;
                offered.add(version(key, version, deleted));
                newest.put("thing-%03d".formatted(key), version + "|" + (deleted ? "t" : "f") + "|" + version);
                if (ledger && deleted) {
                    newest.remove("thing-%03d".formatted(key));
                }
            }
        }
        Collections.shuffle(offered, random);
        try (TestBundle bundle = Things.guarded(new TestBundle(Duration.ofSeconds(2)), ledger)) {
            bundle.set("sequin.workers", "3").set("sequin.batch-size", "7");
            bundle.offer(offered.toArray(String[]::new));
            List<TcpProxy> networks = new ArrayList<>();
            for (int process = 0; process < 2; process++) {
                networks.add(bundle.network());
                bundle.start();
            }
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        stallOrResume(networks.get(random.nextInt(2)), random);
                        return bundle.consumer().left() == 0;
                    });
            networks.forEach(TcpProxy::resume);
            assertEquals(
                    newest.entrySet().stream()
                            .map(e -> e.getKey() + "|" + e.getValue())
                            .toList(),
                    bundle.database().rows("select id, v, deleted, value from things order by id"));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
            assertTrue(bundle.consumer().delivered() >= offered.size());
        } catch (Throwable e) {
            throw new AssertionError("-Dprocesses.seed=" + seed, e);
        }
    }

    /** Mostly flows, sometimes stalls for longer than a lease, sometimes breaks. */
    private static void stallOrResume(TcpProxy network, Random random) {
        switch (random.nextInt(12)) {
            case 0 -> network.stall(Direction.TO_CLIENT);
            case 1 -> network.stall(Direction.TO_SERVER);
            case 2 -> network.cut();
            case 3, 4, 5 -> network.resume();
            default -> {
                // as it was
            }
        }
    }
}
