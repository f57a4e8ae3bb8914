package io.github.sequinroutes.check;

import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.Template;
import java.util.Set;

/**
 * The templates of a collection, as they are to be checked.
 *
 * @param id       the collection ID, for messages
 * @param upsert   the upsert template
 * @param delete   the delete template, or null
 * @param ledger   whether the route says {@code guard: ledger}
 * @param hasSteps whether the route has steps of its own, which may add fields to the records
 * @param format   how the API lays out the messages
 * @param writers  the IDs of the collections that are written with them; empty if that is not known
 */
public record CheckedCollection(
        String id,
        Template upsert,
        Template delete,
        boolean ledger,
        boolean hasSteps,
        MessageFormat format,
        Set<String> writers) {
    /** The collection that alone is written with them, or null if there may be others, or steps that make it another. */
    String only() {
        return writers != null && writers.size() == 1 && !hasSteps
                ? writers.iterator().next()
                : null;
    }
}
