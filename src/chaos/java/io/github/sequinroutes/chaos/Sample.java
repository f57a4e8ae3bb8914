package io.github.sequinroutes.chaos;

/**
 * A record as it is offered, and what its row must be; {@code poison} is null if it is good.
 *
 * @param subject null if it is of a collection without a route, or of none
 * @param content what the view of its collection calls so
 * @param json    the record
 */
record Sample(
        RecordSubject subject, String id, long version, boolean deleted, String content, Poison poison, String json) {}
