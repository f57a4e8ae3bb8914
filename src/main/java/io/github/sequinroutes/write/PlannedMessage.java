package io.github.sequinroutes.write;

/**
 * What would become of a message.
 *
 * @param collection its collection ID, or null if it has none
 * @param id         its record's ID, or null if it has none
 * @param version    its record's version, or null if it has none
 * @param effect     what would become of it
 * @param reason     of a dead letter: {@code malformed}, {@code unknown-collection} or {@code rejected}; else null
 * @param sqlState   the SQLSTATE, or null if PostgreSQL has not refused it
 * @param note       why, in words for a person; null if the effect says it
 */
public record PlannedMessage(
        String collection, String id, String version, Effect effect, String reason, String sqlState, String note) {}
