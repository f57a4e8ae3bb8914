package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sample.SampleFile;
import io.github.sequinroutes.sequin.Peek;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.write.DryRun;
import io.github.sequinroutes.write.PlannedMessage;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells what would become of a batch, writes nothing, and acks nothing. */
@Command(
        name = "plan",
        description = {
            "Tell what would become of a batch of messages: write it in a transaction that is rolled back.",
            "The messages are those that the consumer has, which are given back at once, or those of a file."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class PlanCommand implements Callable<Integer> {
    /** The transaction holds the locks of the rows that it writes, and others wait for them. */
    private static final long MAX_MILLIS = 10_000;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--sample",
            paramLabel = "FILE",
            description = "Take records from a file, one JSON object a line: records, or messages of the API.")
    private Path sample;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Receive at most so many messages; sequin.batch-size without it.")
    private Integer limit;

    @Option(
            names = "--steps",
            description = "Also run routes with steps of their own that may do what cannot be rolled back.")
    private boolean steps;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (limit != null && (limit < 1 || limit > 1000)) {
            throw new ParameterException(spec.commandLine(), "--limit must be from 1 to 1000, not " + limit);
        }
        if (sample != null && !Files.isRegularFile(sample)) {
            throw new ParameterException(spec.commandLine(), "--sample must name a file; there is none at " + sample);
        }
        Settings settings = cli.settings();
        if (settings.bundles().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say whose messages: --bundle with one of " + String.join(", ", settings.names()));
        }
        PrintWriter out = spec.commandLine().getOut();
        try (Standalone standalone = new Standalone(settings, Mode.CHECK)) {
            Bundle bundle = standalone.init().bundle();
            SampleFile file = sample == null ? null : SampleFile.read(sample, bundle.format());
            if (file != null && !file.unreadable().isEmpty()) {
                file.unreadable().stream().map(Problem::toString).forEach(out::println);
                return 2;
            }
            standalone.start();
            bundle.files().problems().forEach(spec.commandLine().getErr()::println);
            return file == null
                    ? planReceived(bundle, standalone.context(), out)
                    : report(
                            plan(
                                    bundle.dryRun(),
                                    bundle,
                                    standalone.context(),
                                    StoredMessages.batch(file.messages(), lease(bundle))),
                            0,
                            out);
        }
    }

    private int planReceived(Bundle bundle, CamelContext context, PrintWriter out) throws Exception {
        // at first: no message is to be fetched for a database that is away
        bundle.database().ask();
        DryRun dryRun = bundle.dryRun();
        List<PlannedMessage> planned;
        List<Message> received;
        try (Peek peek = bundle.peek()) {
            received = peek.receive(limit == null ? bundle.config().get(Keys.BATCH_SIZE) : limit);
            planned = plan(dryRun, bundle, context, StoredMessages.batch(received, lease(bundle)));
        }
        return report(planned, received.size(), out);
    }

    private List<PlannedMessage> plan(DryRun dryRun, Bundle bundle, CamelContext context, Batch batch)
            throws Exception {
        long millis = Math.min(MAX_MILLIS, Lease.writeMillis(bundle.config().get(Keys.ACK_WAIT)));
        return dryRun.run(batch, context, millis, steps);
    }

    private static Lease lease(Bundle bundle) {
        return new Lease(bundle.config().get(Keys.ACK_WAIT));
    }

    private int report(List<PlannedMessage> planned, int givenBack, PrintWriter out) throws Exception {
        PlanReport report = new PlanReport(planned, sample == null, givenBack);
        if (json) {
            out.println(report.json());
        } else {
            report.lines().forEach(out::println);
        }
        return planned.stream().anyMatch(message -> message.effect().isTrouble()) ? 1 : 0;
    }
}
