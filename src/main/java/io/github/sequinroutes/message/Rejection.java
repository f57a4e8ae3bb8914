package io.github.sequinroutes.message;

/**
 * Why a message cannot be written: what its dead letter says.
 *
 * @param reason   {@code malformed}, {@code unknown-collection} or {@code rejected}
 * @param sqlState the SQLSTATE, or null if PostgreSQL was not asked
 * @param error    the error, in words for a person
 */
public record Rejection(String reason, String sqlState, String error) {}
