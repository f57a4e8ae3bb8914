package io.github.sequinroutes.template;

/**
 * How the values of a parameter stand in an array.
 *
 * @param name   PostgreSQL's name of the type
 * @param isCast whether they are texts there, each cast to the type: of arrays there are no arrays, and of composites
 *               {@code unnest} makes columns
 */
record SetType(String name, boolean isCast) {
    /** The type of the array. */
    String ofArray() {
        return (isCast ? "text" : name) + "[]";
    }
}
