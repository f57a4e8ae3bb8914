package io.github.sequinroutes.durable;

import java.util.concurrent.Semaphore;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * Lets no more than so many workers do at once what another policy is for, the others in the order in which they came:
 * what waits for its turn has been fetched and read meanwhile, so that a database that can take no more connections
 * need not wait for either. Not to be nested: a turn within a turn might wait for itself.
 */
public final class Turns implements Policy {
    private final Semaphore turns;
    private final Policy policy;

    /** So many at once, each by that policy. */
    public Turns(int most, Policy policy) {
        turns = new Semaphore(most, true);
        this.policy = policy;
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        policy.beforeWrap(route, definition);
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it but how soon the next one writes
    public Processor wrap(Route route, Processor steps) {
        Processor whole = policy.wrap(route, steps);
        return exchange -> {
            turns.acquire();
            try {
                whole.process(exchange);
            } finally {
                turns.release();
                if (turns.hasQueuedThreads()) {
                    // where processors are short: what comes next here can wait, the database should not
                    Thread.yield();
                }
            }
        };
    }
}
