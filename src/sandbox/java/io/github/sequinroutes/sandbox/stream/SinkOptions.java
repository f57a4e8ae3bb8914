package io.github.sequinroutes.sandbox.stream;

import java.time.Duration;
import java.util.Set;

/**
 * How a sink is set up.
 *
 * @param tables the tables whose changes it delivers, {@code schema.table}; none for all
 * @param isGrouped whether changes of a row wait for each other ({@code message_grouping})
 * @param ackWait the lease
 * @param remembered how many acked changes a restart can bring back
 */
public record SinkOptions(Set<String> tables, boolean isGrouped, Duration ackWait, int remembered) {
    /** All tables, grouped, the real server's lease of 30 s, and 20 000 acked changes. */
    public static SinkOptions defaults() {
        return new SinkOptions(Set.of(), true, Duration.ofSeconds(30), 20_000);
    }

    /** The same with only these tables, {@code schema.table}. */
    public SinkOptions withTables(Set<String> only) {
        return new SinkOptions(only, isGrouped, ackWait, remembered);
    }

    /** The same without groups: several changes of a row may be in flight. */
    public SinkOptions ungrouped() {
        return new SinkOptions(tables, false, ackWait, remembered);
    }

    /** The same with another lease. */
    public SinkOptions withAckWait(Duration changed) {
        return new SinkOptions(tables, isGrouped, changed, remembered);
    }
}
