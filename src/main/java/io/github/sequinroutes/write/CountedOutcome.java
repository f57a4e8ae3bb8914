package io.github.sequinroutes.write;

import io.github.sequinroutes.message.Message;
import java.util.Locale;

/** What has become of a message, as it is counted: each message received is in one of them. */
public enum CountedOutcome {
    /** Its row has been inserted or updated, or it is not known that it was not. */
    WRITTEN,
    /** Its row was newer and has stayed as it was, as the ledger or the number of written rows tells. */
    IGNORED_AS_OLD,
    /** The deletion of its row is written. */
    DELETED,
    SUPERSEDED,
    DEAD_LETTERED,
    LEFT_UNACKED,
    /** It was given back. */
    UNSETTLED,
    /** Its collection is in {@code sequin.ignore}. */
    IGNORED,
    DROPPED;

    /** That of a message. */
    static CountedOutcome of(Message message) {
        return switch (message.outcome()) {
            case WRITTEN -> message.isKeptOut() ? IGNORED_AS_OLD : message.isDeleted() ? DELETED : WRITTEN;
            case SUPERSEDED -> SUPERSEDED;
            case DEAD_LETTERED -> DEAD_LETTERED;
            case LEFT_UNACKED -> LEFT_UNACKED;
            case UNSETTLED -> UNSETTLED;
            case IGNORED -> IGNORED;
            case DROPPED, COMPLETED -> DROPPED;
        };
    }

    /** As it is published, such as {@code dead-lettered}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
