package io.github.sequinroutes.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Faults one after the other, in an order that is random but spares none: a shuffled deck, again and again. */
final class FaultSchedule {
    private static final int PATIENCE_SECONDS = 60;

    private final World world;
    private final List<FaultKind> kinds;
    private final Map<FaultKind, Integer> counts;
    private final Random random;
    private final int longestPause;
    private final Deque<FaultKind> deck = new ArrayDeque<>();
    private volatile boolean dealtOnce;
    private volatile boolean ended;

    /** Counts what happened in a map that is thread-safe. */
    FaultSchedule(
            World world, List<FaultKind> kinds, Map<FaultKind, Integer> counts, long seed, int longestPauseMillis) {
        this.world = world;
        this.kinds = kinds;
        this.counts = counts;
        random = new Random(seed);
        longestPause = longestPauseMillis;
    }

    /** Whether every kind has happened. */
    boolean isComplete() {
        return dealtOnce;
    }

    /** No more faults; the one that happens ends as it should. */
    void end() {
        ended = true;
    }

    /** Has them happen until it is told to end. */
    void run() {
        try {
            while (!ended) {
                awaitDeliveries();
                ProcessFaults.pause(random, 0, longestPause);
                FaultKind fault = next();
                if (fault.isOfProcesses()) {
                    happen(fault);
                } else {
                    happenUnlessCalm(fault);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something must be under way to fail; and after each fault, it must go on. */
    private void awaitDeliveries() throws InterruptedException {
        long delivered = world.sequin.delivered();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (world.sequin.delivered() == delivered && !ended) {
            if (System.nanoTime() > end) {
                world.problem("nothing was delivered for " + PATIENCE_SECONDS + " s");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private FaultKind next() {
        if (deck.isEmpty()) {
            List<FaultKind> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            deck.addAll(shuffled);
        }
        return deck.remove();
    }

    private void happenUnlessCalm(FaultKind fault) throws InterruptedException {
        world.calm.readLock().lockInterruptibly();
        try {
            happen(fault);
        } finally {
            world.calm.readLock().unlock();
        }
    }

    private void happen(FaultKind fault) throws InterruptedException {
        try {
            fault.happen(world, random);
            counts.merge(fault, 1, Integer::sum);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // with nothing left to deliver, nobody may come to meet it
            if (!ended || world.sequin.left() > 0) {
                world.problem("the harness could not have " + fault + " happen: " + e);
            }
        }
        dealtOnce |= deck.isEmpty();
    }
}
