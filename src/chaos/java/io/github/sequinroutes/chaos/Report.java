package io.github.sequinroutes.chaos;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** What a run has shown. */
record Report(
        Options options, World world, Map<FaultKind, Integer> counts, AckAudit acks, FinalAudit audit, long seconds) {

    /** Prints it, and tells whether the promise was kept. */
    boolean print(PrintStream out) {
        world.problems().forEach(problem -> out.println("PROBLEM " + problem));
        audit.examples().forEach(example -> out.println("PROBLEM " + example));
        out.println();
        line(out, "seed", options.seed());
        line(out, "records offered", world.sequin.offered());
        line(out, "deliveries", world.sequin.delivered());
        line(out, "redeliveries", world.sequin.delivered() - acks.acked() + world.sequin.replayed());
        line(out, "dead letters", audit.deadLetters());
        line(out, "duration, s", seconds);
        line(out, "processes started", world.bundle.started());
        line(out, "peak memory of one, MB", world.bundle.peakMegabytes());
        out.println("faults");
        boolean all = true;
        for (FaultKind fault : FaultKind.of(options.api())) {
            int count = counts.getOrDefault(fault, 0);
            all &= count > 0;
            line(out, "  " + fault.name().toLowerCase(Locale.ROOT).replace('_', ' '), count);
        }
        line(out, "lost", audit.lost());
        line(out, "stale", audit.stale());
        line(out, "wrongly dead-lettered", audit.wronglyDeadLettered());
        line(out, "acked before durable", acks.violations());
        line(out, "other problems", world.problems().size());
        line(out, "longest wait of others, ms", world.flow.longestMillis());
        return all
                && audit.lost() + audit.stale() + audit.wronglyDeadLettered() + acks.violations() == 0
                && world.problems().isEmpty();
    }

    private static void line(PrintStream out, String name, long value) {
        out.printf("%-28s %10d%n", name, value);
    }
}
