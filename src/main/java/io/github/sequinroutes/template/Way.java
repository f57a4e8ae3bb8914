package io.github.sequinroutes.template;

import java.util.Locale;

/** How the records of a template are sent to the server, the cheapest for many records last. */
public enum Way {
    /** By a statement for each, one after the other. */
    SINGLY,
    /** By a statement for each, all at once. */
    ROWS,
    /** By one statement for all. */
    SET;

    /** The best way, by the value of {@code sequin.sets}. */
    public static Way best(String sets) {
        return sets.equals("rows") ? ROWS : SET;
    }

    /** Its name in metrics. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
