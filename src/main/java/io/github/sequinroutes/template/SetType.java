package io.github.sequinroutes.template;

/**
 * How the values of a parameter stand in an array.
 *
 * @param name   PostgreSQL's name of the type
 * @param isText whether they are texts there, each cast to the type: always, but where a text is cast by a function, which
 *               need not be how PostgreSQL reads the type
 */
record SetType(String name, boolean isText) {
    static final SetType TEXT = new SetType("text", true);

    /** The type of the array. */
    String ofArray() {
        return (isText ? "text" : name) + "[]";
    }

    /** The value of an element. It is cast where it comes from, so that it is read even if nothing looks at it. */
    String ofElement(String element) {
        return isText && !equals(TEXT) ? "cast(" + element + " as " + name + ")" : element;
    }
}
