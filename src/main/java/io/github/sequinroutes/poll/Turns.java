package io.github.sequinroutes.poll;

import java.util.concurrent.Semaphore;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;

/**
 * Lets no more than so many workers write at once, the others in the order in which they came: what waits for its turn
 * has been fetched meanwhile, so that a database that can take no more connections need not wait for the network.
 */
public final class Turns implements Policy {
    private final Semaphore turns;

    /** So many at once. */
    public Turns(int most) {
        turns = new Semaphore(most, true);
    }

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // nothing to prepare
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return exchange -> {
            turns.acquire();
            try {
                steps.process(exchange);
            } finally {
                turns.release();
            }
        };
    }
}
