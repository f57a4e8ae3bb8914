package io.github.sequinroutes.template;

/**
 * What has been executed for records.
 *
 * @param rows how many rows it has written, or -1 if that is unknown
 * @param way  how the records went to the server
 */
public record Executed(int rows, Way way) {}
