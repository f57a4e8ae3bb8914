package io.github.sequinroutes.sandbox.replication;

import java.time.Instant;
import java.util.List;

/**
 * A committed transaction.
 *
 * @param commitLsn where its commit is in the write-ahead log
 * @param endLsn where it ends there
 * @param committed when it was committed
 * @param changes its changes in their order, truncates left out
 */
public record Transaction(long commitLsn, long endLsn, Instant committed, List<RowChange> changes) {}
