package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.CollectionFiles;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;

/**
 * Looks five times a second whether the files of collections have changed. To look costs little and works on every file system:
 * the events of an operating system do not come through network drives, mounts of containers and replaced links.
 */
final class FolderWatch {
    private static final long PERIOD_MILLIS = 200;
    /** A look that is under way may wait for the database. */
    private static final long END_MILLIS = 1_000;

    private final CamelContext context;
    private final ScheduledExecutorService executor;

    private FolderWatch(CamelContext context, ScheduledExecutorService executor) {
        this.context = context;
        this.executor = executor;
    }

    /** Begins to watch, with a thread of this name. */
    static FolderWatch begin(CamelContext context, String name, CollectionFiles files) {
        FolderWatch watch = new FolderWatch(
                context, context.getExecutorServiceManager().newSingleThreadScheduledExecutor(files, name));
        var unused = watch.executor.scheduleWithFixedDelay(
                files::reloadChanged, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        return watch;
    }

    /** Ends it, once a look that is under way has ended. */
    void end() {
        context.getExecutorServiceManager().shutdownGraceful(executor, END_MILLIS);
    }
}
