package io.github.sequinroutes.template;

/** How a value is written for a parameter, by the type that PostgreSQL gives the parameter. */
enum ParameterKind {
    /** A scalar's plain text; the exact JSON of an object or array. */
    TEXT,
    /** The exact JSON: a string keeps its quotes, lest "123" become a number. */
    JSON,
    /** A JSON array as a PostgreSQL array. */
    ARRAY,
    /** A JSON array as a PostgreSQL array of json or jsonb. */
    JSON_ARRAY;
}
