package io.github.sequinroutes.command;

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
        ManagementPort.check(settings.others());
        Standalone standalone = new Standalone(settings, true);
        Stop.closes(standalone);
        // until the start is complete a stop ends the process at once: what is checked here may take its time
        standalone.database().refuseUnsuitable();
        standalone.start();
        new CountDownLatch(1).await();
        return 0;
    }
}
