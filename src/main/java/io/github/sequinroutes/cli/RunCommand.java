package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.database.Database;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Polls, writes and acks until it is told to stop. */
@Command(
        name = "run",
        description = "Poll, write and ack until stopped (the default).",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @ParentCommand
    private Cli cli;

    @Override
    public Integer call() throws Exception {
        return run(cli.settings(), cli.config());
    }

    /** Asks each database, not by its pool, which would try for some seconds before it says why not. */
    private static Map<String, FutureTask<Void>> ask(Standalone standalone) {
        Map<String, FutureTask<Void>> asked = new LinkedHashMap<>();
        standalone.pools().forEach((bundle, pool) -> {
            Database database = new Database(pool.getDataSource(), false);
            FutureTask<Void> question = new FutureTask<>(() -> {
                database.refuseUnsuitable();
                return null;
            });
            asked.put(bundle, question);
            inBackground("database-check", question);
        });
        return asked;
    }

    /** Refuses a database that says at once that it cannot be used: one that is slow, or away, must not delay health. */
    private static void refuseUnsuitable(Map<String, FutureTask<Void>> asked, long end) throws Exception {
        for (var question : asked.entrySet()) {
            try {
                question.getValue().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOG.debug("The database of bundle {} has not answered yet", question.getKey(), e); // the workers say so
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
    }

    private static void inBackground(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    static int run(Settings settings, Path file) throws Exception {
        if (!settings.logLevel().equals(LogLevel.DEFAULT)) {
            LogLevel.set(settings.logLevel());
        }
        ManagementPort.check(settings.others());
        Standalone standalone = new Standalone(settings, Mode.RUN);
        Stop.closes(standalone);
        // to load the driver takes as long as to load what the routes are made with
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        Map<String, FutureTask<Void>> asked = ask(standalone);
        standalone.init();
        refuseUnsuitable(asked, end);
        standalone.start();
        for (int i = 0; i < standalone.bundles().size(); i++) {
            LOG.info(
                    StartLine.of(settings.bundles().get(i), standalone.bundles().get(i), settings.others()));
        }
        LiveSettings.watch(file, settings, standalone);
        new CountDownLatch(1).await();
        return 0;
    }
}
