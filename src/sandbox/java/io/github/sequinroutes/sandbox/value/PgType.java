package io.github.sequinroutes.sandbox.value;

/**
 * What a value's JSON depends on.
 *
 * @param name the type's name; of a domain that of the type below it
 * @param kind its {@code typtype}: b for base, c for composite, e for enum, r for range, m for multirange
 * @param element the type of an array's elements, else null
 */
public record PgType(String name, char kind, PgType element) {}
