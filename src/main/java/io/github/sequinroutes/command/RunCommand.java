package io.github.sequinroutes.command;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Polls, writes and acks until it is told to stop. */
@Command(
        name = "run",
        description = "Poll, write and ack until stopped (the default).",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Override
    public Integer call() throws Exception {
        return run(cli.settings());
    }

    static int run(Settings settings) throws Exception {
        checkPort(settings.others());
        Standalone standalone = new Standalone(settings, true);
        Stop.closes(standalone);
        standalone.start();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Without this the routes would run on with nobody able to see how they are. */
    private static void checkPort(Properties camel) throws IOException {
        int port = Integer.parseInt(camel.getProperty("camel.management.port", "9876"));
        if (!camel.getProperty("camel.management.enabled", "true").equals("false")) {
            try (ServerSocket free = new ServerSocket(port)) {
                free.setReuseAddress(true);
            } catch (BindException e) {
                throw new IOException("Port " + port + " of health and metrics is taken; set camel.management.port", e);
            }
        }
    }
}
