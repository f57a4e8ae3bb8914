package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.assembly.UnloadedFiles;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.deadletter.DeadLetterTable.Filter;
import io.github.sequinroutes.deadletter.DeadLetterTable.Summary;
import io.github.sequinroutes.deadletter.Replay;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Printable;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.springframework.dao.DataAccessException;
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
            "List dead letters of the consumer that is configured, or replay them through the same routes and guards.",
            "Without an option it lists: how many there are, by collection, reason and SQLSTATE, and the last ones that failed.",
            "With --all, --collection, --reason or --id it replays those that match, at once, unless --list, --dry-run or"
                    + " --discard says what else to do with them."
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

        @Option(names = "--list", description = "List those that match and are pending, and replay none.")
        private boolean list;

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

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "List so many, or tell so many errors of a replay; 20 without it.")
    private int limit;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Filter filter = new Filter(collection, reason, id);
        boolean matching = all || collection != null || reason != null || id != null;
        checkUsage(matching);
        Settings settings = cli.settings();
        if (settings.bundles().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say whose dead letters: --bundle with one of " + String.join(", ", settings.names()));
        }
        PrintWriter out = spec.commandLine().getOut();
        DeadLetterReport report = new DeadLetterReport(out, json);
        try (Standalone standalone = new Standalone(settings, Mode.COMMAND)) {
            Bundle bundle = standalone.init().bundle();
            bundle.database().prepare();
            DeadLetterTable table = bundle.deadLetters();
            Long wanted = action.show == null ? id : action.show;
            Map<String, String> one = wanted == null ? Map.of() : table.find(wanted);
            if (wanted != null && one.isEmpty()) {
                out.printf("There is no dead letter %d of the consumer %s.%n", wanted, table.consumer());
                return 1;
            }
            checkCollection(table);
            if (action.show != null) {
                report.show(one);
            } else if (action.discard) {
                return discard(table, filter, report);
            } else if (action.dryRun) {
                report.counts(table.counts(filter));
            } else if (action.list || !matching) {
                List<Summary> newest = table.newest(filter, limit);
                report.list(table.counts(filter), newest, routed(newest, bundle), options());
                report.ofOthers(table.ofOthers());
            } else if (!json && one.get("replayed_at") != null) {
                out.printf(
                        "Dead letter %d has been replayed already, at %s: nothing is left to do.%n",
                        id, one.get("replayed_at"));
            } else {
                standalone.start();
                bundle.checkTemplates();
                Replay replay =
                        new Replay(table, standalone.context(), bundle.config().name());
                return report.replayed(
                        replay.run(filter, limit), bundle.collections().paused());
            }
            return 0;
        }
    }

    /** The collections that have a route by now; asked for only where one had none. */
    private Set<String> routed(List<Summary> newest, Bundle bundle) {
        return json || newest.stream().noneMatch(Summary::hadNoRoute)
                ? Set.of()
                : UnloadedFiles.collections(bundle.config().routesUri());
    }

    /** Those with which exactly what is listed is replayed. */
    private String options() {
        String options = (collection == null ? "" : " --collection " + Printable.of(collection))
                + (reason == null ? "" : " --reason " + reason)
                + (id == null ? "" : " --id " + id);
        return options.isEmpty() ? "--all" : options.strip();
    }

    private int discard(DeadLetterTable table, Filter filter, DeadLetterReport report) {
        try {
            report.discarded(table.discard(filter));
            return 0;
        } catch (DataAccessException e) {
            spec.commandLine().getErr().println(Printable.line(DeadLetterTable.describeFailedDeletion(e)));
            return UserErrors.FAILED;
        }
    }

    private void checkUsage(boolean matching) {
        if (action.discard && !matching) {
            throw new ParameterException(
                    spec.commandLine(), "Say which to discard: --all, --collection, --reason or --id");
        }
        if (reason != null && !REASONS.contains(reason)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--reason must be one of " + String.join(", ", REASONS) + ", not '" + reason + "'");
        }
        if (limit < 1 || limit > 10_000) {
            throw new ParameterException(spec.commandLine(), "--limit must be from 1 to 10000, not " + limit);
        }
    }

    /** A typo would replay nothing, and look as if there were nothing to do. */
    private void checkCollection(DeadLetterTable table) {
        if (collection == null) {
            return;
        }
        List<String> known = table.collections();
        if (!known.contains(collection)) {
            String hint = known.isEmpty()
                    ? "; there is none of any"
                    : Nearest.likelyCollection(collection, known)
                            .map(near -> "; did you mean " + Printable.of(near) + "?")
                            .orElseGet(() -> "; there are of "
                                    + Printable.of(String.join(", ", Nearest.several(collection, known))));
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no dead letter of the collection '" + Printable.of(collection) + "'" + hint);
        }
    }
}
