package io.github.sequinroutes.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintWriter;
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
        // a JVM that a signal ends exits with 143, but one that has finished its work has done what it was told
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            standalone.close();
                            Runtime.getRuntime().halt(0);
                        },
                        "stop"));
        try {
            standalone.database().refuseUnsuitable();
            standalone.start();
        } catch (Exception e) {
            Runtime.getRuntime().halt(Mistakes.report(e, new PrintWriter(System.err, true, UTF_8)));
        }
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
