package io.github.sequinroutes.write;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.Way;

/**
 * What all collections of a bundle share as they write.
 *
 * @param format        how the API of the bundle lays out its messages
 * @param transactions  to the user's database
 * @param limit         the permits to write
 * @param database      whether it answers
 * @param policy        what the SQLSTATEs mean
 * @param collections   how each of them goes
 * @param openDeadLetters the dead letters that are still to be replayed
 * @param way           how records are sent if they can be
 * @param maxRecordSize the maximum size of a record, in bytes
 * @param leaveSuspectsUnacked  whether a record that times out again and again stays unacked, rather than become a dead letter
 */
public record WriteSupport(
        MessageFormat format,
        Transactions transactions,
        WriteLimit limit,
        Database database,
        FailurePolicy policy,
        Collections collections,
        OpenDeadLetters openDeadLetters,
        Way way,
        int maxRecordSize,
        boolean leaveSuspectsUnacked) {}
