package io.github.sequinroutes.template;

/** How a value is written for a parameter, by the type that PostgreSQL gives the parameter. */
enum ParameterKind {
    /** A scalar's plain text; an object's or array's JSON text. */
    TEXT,
    /** The exact JSON text: a string keeps its quotes, lest "123" become a number. */
    JSON,
    /** A JSON array as a PostgreSQL array. */
    ARRAY,
    /** A JSON array as a PostgreSQL array of json or jsonb. */
    JSON_ARRAY;
}
