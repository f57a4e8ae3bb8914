package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.FailurePolicy;

/**
 * What all collections of a bundle share as they write.
 *
 * @param transactions  to the user's database
 * @param limit         how many write at once
 * @param database      whether it answers
 * @param policy        what the SQLSTATEs mean
 * @param collections   how each of them goes
 * @param maxRecordSize the most bytes that a record may have
 * @param leaveSuspectsUnacked  whether a record that times out again and again stays unacked, rather than become a dead letter
 */
public record WriteSupport(
        Transactions transactions,
        WriteLimit limit,
        Database database,
        FailurePolicy policy,
        Collections collections,
        int maxRecordSize,
        boolean leaveSuspectsUnacked) {}
