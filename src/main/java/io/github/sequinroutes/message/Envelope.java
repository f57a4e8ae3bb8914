package io.github.sequinroutes.message;

/**
 * What a message says of itself, and where its parts are. Positions count from the first byte of the message.
 *
 * @param ackToken       what acks it, or null if it has none
 * @param tokens         its tokens; usually there is one
 * @param recordStart    where that begins in which the paths of a template start
 * @param recordEnd      where that ends
 * @param collection     the collection ID, or null
 * @param id             the record's ID, or null
 * @param version        the record's version, or null
 * @param versionProblem why it has no version, in words for a person
 * @param isDeleted      whether this version is the record's deletion
 * @param mayLackValues  whether a value may be missing because it has not changed
 * @param hasOldValues   whether it says what some values were before
 * @param problem        why it can belong to no collection, in words for a person, or null
 */
public record Envelope(
        String ackToken,
        Spans tokens,
        int recordStart,
        int recordEnd,
        String collection,
        String id,
        Version version,
        String versionProblem,
        boolean isDeleted,
        boolean mayLackValues,
        boolean hasOldValues,
        String problem) {
    /** The same, of a record that a route has made of another's: what it does not say itself is the other's. */
    Envelope orElse(String otherToken, String otherCollection, String otherId) {
        return with(
                otherToken == null ? ackToken : otherToken,
                collection == null ? otherCollection : collection,
                id == null ? otherId : id);
    }

    /** The same with another ID. */
    Envelope withId(String otherId) {
        return with(ackToken, collection, otherId);
    }

    private Envelope with(String newToken, String newCollection, String newId) {
        return new Envelope(
                newToken,
                tokens,
                recordStart,
                recordEnd,
                newCollection,
                newId,
                version,
                versionProblem,
                isDeleted,
                mayLackValues,
                hasOldValues,
                problem);
    }
}
