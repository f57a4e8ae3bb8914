package io.github.sequinroutes.chaos;

import io.github.sequinroutes.testkit.Daemon;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Hundreds of thousands of records go through the standalone product while all around it fails at random; then every
 * row and every dead letter is compared with the truth. Fails unless nothing was lost. See docs/chaos.md.
 */
public final class Chaos {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final Options options;
    private final Map<FaultKind, Integer> counts = Collections.synchronizedMap(new EnumMap<>(FaultKind.class));

    private Chaos(Options options) {
        this.options = options;
    }

    /** Runs it; the argument is the project's folder. */
    public static void main(String[] arguments) throws Exception {
        if (!new Chaos(Options.of(Path.of(arguments[0]))).run()) {
            // not an exit: the JVM is Maven's
            throw new AssertionError("The promise is broken: see above, and the logs in target/chaos.");
        }
    }

    private boolean run() throws Exception {
        OUT.printf(
                "Chaos with -Dchaos.api=%s -Dchaos.seed=%d%n",
                options.api().name().toLowerCase(Locale.ROOT), options.seed());
        try (World world = new World(options);
                AckAudit acks = new AckAudit(world.postgres.url("postgres"), world::problem)) {
            long begin = System.nanoTime();
            world.sequin.audit(acks);
            Daemon.start("chaos-waits", () -> measureWaits(world.flow));
            Thread progress = Daemon.start("chaos-progress", () -> progress(world, acks));
            world.bundle.start();
            offerWhileFaultsHappen(world);
            int left = drain(world.sequin);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            progress.interrupt();
            if (left > 0) {
                world.problem("not drained: " + left + " messages are left");
            }
            world.bundle.terminate(world.bundle.any());
            try (Connection connection = world.postgres.connect()) {
                FinalAudit audit = world.sequin.audit(connection);
                return new Report(options, world, counts, acks, audit, seconds).print(OUT);
            }
        }
    }

    /** Offers records while faults happen, and returns when both are over. */
    private void offerWhileFaultsHappen(World world) throws Exception {
        FaultSchedule processes = schedule(world, true, 3_000);
        FaultSchedule networks = schedule(world, false, 2_000);
        List<Thread> threads =
                List.of(Daemon.start("chaos-processes", processes::run), Daemon.start("chaos-networks", networks::run));
        world.sequin.offer(() -> !processes.isComplete() || !networks.isComplete());
        processes.end();
        networks.end();
        for (Thread thread : threads) {
            thread.join();
        }
        world.heal();
    }

    private FaultSchedule schedule(World world, boolean ofProcesses, int longestPauseMillis) {
        List<FaultKind> kinds = FaultKind.of(options.api()).stream()
                .filter(fault -> fault.isOfProcesses() == ofProcesses)
                .toList();
        return new FaultSchedule(world, kinds, counts, options.seed() + (ofProcesses ? 1 : 2), longestPauseMillis);
    }

    private int drain(Sequin sequin) throws InterruptedException {
        long end = System.nanoTime() + options.drain().toNanos();
        while (sequin.left() > 0 && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return sequin.left();
    }

    private void progress(World world, AckAudit acks) {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(5);
                world.bundle.measure();
                OUT.printf(
                        "%7d offered %7d delivered %7d acked %6d left, %d faults, %d problems%n",
                        world.sequin.offered(),
                        world.sequin.delivered(),
                        acks.acked(),
                        world.sequin.left(),
                        counts.values().stream().mapToInt(Integer::intValue).sum(),
                        world.problems().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void measureWaits(Flow flow) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(100);
                flow.measure();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
