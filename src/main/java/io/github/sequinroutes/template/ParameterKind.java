package io.github.sequinroutes.template;

/**
 * How a value is written for a parameter, by the type that PostgreSQL gives the parameter.
 *
 * @param isArray    whether a JSON array becomes a PostgreSQL array
 * @param type       the type, or that of the array's elements
 * @param isReadable whether a backfill sends its values: of other types it sends null, whatever they are
 * @param inSets     how the values of many records are written
 */
record ParameterKind(boolean isArray, ValueType type, boolean isReadable, SetType inSets) {
    /** Of every type whose text PostgreSQL reads as it stands. */
    static final ParameterKind TEXT = new ParameterKind(false, ValueType.TEXT, true, SetType.TEXT);

    /** The same text for all texts of one value, as far as that can be told from them. */
    String key(String text) {
        return isArray ? text : type.key(text);
    }
}
