package io.github.sequinroutes.assembly;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.quartz.QuartzComponent;
import org.quartz.SchedulerException;

/** The Quartz scheduler of a bundle, its own: each worker keeps a thread of it for as long as it polls. */
final class Scheduler {
    private final String component;
    private final int workers;
    private org.quartz.Scheduler quartz;

    Scheduler(BundleConfig config) {
        component = config.nameOf("quartz");
        workers = config.get(Keys.WORKERS);
    }

    void addTo(CamelContext context) {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(Map.of(
                "org.quartz.scheduler.instanceName",
                context.getName() + "-" + component,
                "org.quartz.threadPool.class",
                "org.quartz.simpl.SimpleThreadPool",
                // a thread for each worker, and one for the purge
                "org.quartz.threadPool.threadCount",
                Integer.toString(workers + 1),
                "org.quartz.jobStore.class",
                "org.quartz.simpl.RAMJobStore",
                "org.quartz.scheduler.skipUpdateCheck",
                "true"));
        quartz.setEnableJmx(false);
        context.addComponent(component, quartz);
    }

    /** In a context that is started already the component leaves it standing. */
    void start(CamelContext context) throws SchedulerException {
        quartz = context.getComponent(component, QuartzComponent.class).getScheduler();
        quartz.start();
    }

    /** The component does so, too, but not if it takes a job to be there still: seen once in a while on a busy machine. */
    void end() {
        try {
            if (quartz != null && !quartz.isShutdown()) {
                quartz.shutdown(true);
            }
        } catch (SchedulerException e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    void removeFrom(CamelContext context) {
        context.removeComponent(component);
        end();
    }
}
