package io.github.sequinroutes.write;

import java.util.Locale;

/** What would become of a message. */
public enum Effect {
    INSERTED,
    UPDATED,
    /** Its row is removed, or marked. */
    DELETED,
    /** Something is written, and the template does not tell what. */
    WRITTEN,
    /** Its row stays as it is. */
    IGNORED,
    /** A newer version in the same batch is written. */
    SUPERSEDED,
    /** Its collection is in {@code sequin.ignore}, or its route drops it: it is acked, and written nowhere. */
    DROPPED,
    DEAD_LETTERED,
    /** It stays unacked, because its collection is paused. */
    PAUSED,
    /** It is not known: it was not tried, or took too long. */
    NOT_TRIED;

    /** As it is printed, such as {@code dead-lettered}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As it is written in JSON, such as {@code dead_lettered}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether somebody has to see to it. */
    public boolean isTrouble() {
        return this == DEAD_LETTERED || this == PAUSED || this == NOT_TRIED;
    }
}
