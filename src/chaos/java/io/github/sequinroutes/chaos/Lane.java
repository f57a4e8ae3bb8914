package io.github.sequinroutes.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Troubles one after the other, in an order that is random but spares none: a shuffled deck, again and again. */
final class Lane implements Runnable {
    private static final int PATIENCE_SECONDS = 60;

    private final World world;
    private final List<Trouble> kinds;
    private final Map<Trouble, Integer> counts;
    private final Random random;
    private final int longestPause;
    private final Deque<Trouble> deck = new ArrayDeque<>();
    private volatile boolean dealtOnce;
    private volatile boolean ended;

    /** Counts what happened in a map that is thread-safe. */
    Lane(World world, List<Trouble> kinds, Map<Trouble, Integer> counts, long seed, int longestPauseMillis) {
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

    /** No more troubles; the one that happens ends as it should. */
    void end() {
        ended = true;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                awaitDeliveries();
                Machines.pause(random, 0, longestPause);
                Trouble trouble = next();
                if (trouble.isAboutMachines()) {
                    happen(trouble);
                } else {
                    happenUnlessCalm(trouble);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something must be under way to be troubled; and after each trouble, it must go on. */
    private void awaitDeliveries() throws InterruptedException {
        long delivered = world.consumer.delivered();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (world.consumer.delivered() == delivered && !ended) {
            if (System.nanoTime() > end) {
                world.problem("nothing was delivered for " + PATIENCE_SECONDS + " s");
                return;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private Trouble next() {
        if (deck.isEmpty()) {
            List<Trouble> shuffled = new ArrayList<>(kinds);
            Collections.shuffle(shuffled, random);
            deck.addAll(shuffled);
        }
        return deck.remove();
    }

    private void happenUnlessCalm(Trouble trouble) throws InterruptedException {
        world.calm.readLock().lockInterruptibly();
        try {
            happen(trouble);
        } finally {
            world.calm.readLock().unlock();
        }
    }

    private void happen(Trouble trouble) throws InterruptedException {
        try {
            trouble.happen(world, random);
            counts.merge(trouble, 1, Integer::sum);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // with nothing left to deliver, nobody may come to meet it
            if (!ended || world.consumer.left() > 0) {
                world.problem("the harness could not have " + trouble + " happen: " + e);
            }
        }
        dealtOnce |= deck.isEmpty();
    }
}
