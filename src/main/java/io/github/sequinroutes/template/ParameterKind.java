package io.github.sequinroutes.template;

/**
 * How a value is written for a parameter, by the type that PostgreSQL gives the parameter.
 *
 * @param isArray whether a JSON array becomes a PostgreSQL array
 * @param type    the type, or that of the array's elements
 */
record ParameterKind(boolean isArray, ValueType type) {
    /** Of every type whose text PostgreSQL reads as it stands. */
    static final ParameterKind TEXT = new ParameterKind(false, ValueType.TEXT);
}
