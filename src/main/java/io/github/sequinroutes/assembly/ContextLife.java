package io.github.sequinroutes.assembly;

import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;

/** Has something start when its context has started, close when that begins to stop, and end when it has stopped. */
final class ContextLife extends LifecycleStrategySupport {
    private final CamelContext context;
    private final Runnable start;
    private final Runnable close;
    private final Runnable end;

    private ContextLife(CamelContext context, Runnable start, Runnable close, Runnable end) {
        this.context = context;
        this.start = start;
        this.close = close;
        this.end = end;
    }

    /** Follows a context, which may be started already. */
    static ContextLife follow(CamelContext context, Runnable start, Runnable close, Runnable end) {
        ContextLife life = new ContextLife(context, start, close, end);
        if (context.isStarted()) {
            start.run();
        }
        context.addLifecycleStrategy(life);
        return life;
    }

    /** Lets go of the context. */
    void forget() {
        context.getLifecycleStrategies().remove(this);
    }

    @Override
    public void onContextStarted(CamelContext started) {
        // not as a startup listener: while those are called, to add a route has all of them called again;
        // and not before: a Kamelet is made when the context has created its routes, and would not create these
        start.run();
    }

    @Override
    public void onContextStopping(CamelContext stopping) {
        close.run();
    }

    @Override
    public void onContextStopped(CamelContext stopped) {
        end.run();
    }
}
