package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.deadletter.DeadLetterTable.Count;
import io.github.sequinroutes.deadletter.DeadLetterTable.Filter;
import io.github.sequinroutes.deadletter.Replay;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.message.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists, shows, replays or discards dead letters. */
@Command(
        name = "replay",
        description = {
            "List dead letters of the consumer that is configured, or replay those that match through the same routes and"
                    + " guards.",
            "Without an option: how many there are, by collection, reason and SQLSTATE."
        },
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {
    private static final List<String> REASONS = List.of("malformed", "rejected", "unknown-collection");

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true)
    private Action action = new Action();

    private static final class Action {
        @Option(names = "--show", paramLabel = "ID", description = "Show one dead letter whole.")
        private Long show;

        @Option(names = "--dry-run", description = "Only count those that match and are pending.")
        private boolean dryRun;

        @Option(names = "--discard", description = "Delete those that match, replayed or not.")
        private boolean discard;
    }

    @Option(names = "--all", description = "All dead letters match.")
    private boolean all;

    @Option(names = "--collection", paramLabel = "ID", description = "Those of this collection match.")
    private String collection;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Those with this reason match: malformed, unknown-collection or rejected.")
    private String reason;

    @Option(names = "--id", paramLabel = "ID", description = "This one matches.")
    private Long id;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Filter filter = new Filter(collection, reason, id);
        boolean matching = all || collection != null || reason != null || id != null;
        if (action.discard && !matching) {
            throw new ParameterException(
                    spec.commandLine(), "Say which to discard: --all, --collection, --reason or --id");
        }
        if (reason != null && !REASONS.contains(reason)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reason must be one of " + String.join(", ", REASONS) + ", not '" + reason + "'");
        }
        Settings settings = cli.settings();
        if (settings.bundles().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say whose dead letters: --bundle with one of " + String.join(", ", settings.names()));
        }
        try (Standalone standalone = new Standalone(settings, Mode.COMMAND)) {
            Bundle bundle = standalone.init().bundle();
            bundle.database().prepare();
            DeadLetterTable table = bundle.deadLetters();
            if (action.show != null) {
                return show(table, out);
            }
            if (action.discard) {
                out.printf("%d dead letters discarded.%n", table.discard(filter));
                return 0;
            }
            if (action.dryRun || !matching) {
                list(table.counts(filter), out);
                return 0;
            }
            standalone.start();
            return report(
                    new Replay(table, standalone.context(), bundle.config().name()).run(filter), out);
        }
    }

    private int show(DeadLetterTable table, PrintWriter out) {
        Map<String, String> columns = table.find(action.show);
        if (columns.isEmpty()) {
            out.printf("There is no dead letter %d of the consumer %s.%n", action.show, table.consumer());
            return 1;
        }
        columns.forEach((name, value) -> out.printf("%-15s %s%n", name, value == null ? "" : Printable.line(value)));
        return 0;
    }

    private static void list(List<Count> counts, PrintWriter out) {
        out.printf("%-30s %-20s %-8s %9s %9s%n", "collection", "reason", "sqlstate", "pending", "replayed");
        for (Count count : counts) {
            out.printf(
                    "%-30s %-20s %-8s %9d %9d%n",
                    count.collection() == null ? "" : Printable.of(count.collection()),
                    count.reason(),
                    count.sqlState() == null ? "" : count.sqlState(),
                    count.total() - count.replayed(),
                    count.replayed());
        }
    }

    private static int report(Replay.Result result, PrintWriter out) {
        Map<Outcome, Integer> counts = result.outcomes();
        int written = counts.getOrDefault(Outcome.WRITTEN, 0) + counts.getOrDefault(Outcome.SUPERSEDED, 0);
        int failed = counts.getOrDefault(Outcome.DEAD_LETTERED, 0);
        int left = counts.getOrDefault(Outcome.LEFT_UNACKED, 0) + counts.getOrDefault(Outcome.UNSETTLED, 0);
        out.printf(
                "%d replayed, %d failed again, %d left because their collection is paused.%n", written, failed, left);
        int refused = result.refused().size();
        if (refused > 0) {
            out.printf(
                    "%d refused, the first is %d: their text may not be what was received; see docs/failures.md.%n",
                    refused, result.refused().get(0));
        }
        return failed + left + refused == 0 ? 0 : 1;
    }
}
