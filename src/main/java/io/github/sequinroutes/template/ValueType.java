package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;

/** The types of which a JSON value is not always written as its plain text. */
enum ValueType {
    /** A scalar's plain text; the exact JSON of an object or array. */
    TEXT,
    /** The exact JSON: a string keeps its quotes, lest "123" become a number. */
    JSON,
    /** An object of the Stream API. */
    INTERVAL,
    /** An object of the Stream API. */
    HSTORE,
    /** A list of the Stream API. */
    TSVECTOR,
    /** A text of the Stream API that may have a year before 1. */
    DATE,
    /** The same. */
    TIMESTAMP,
    /** One with a fraction, as all below the plain text; two texts of a key can mean the same row. */
    NUMBER,
    /** The same. */
    TIME,
    /** The same. */
    CITEXT;

    /** This type as an API writes it that knows only JSON, and nothing of PostgreSQL's types. */
    ValueType ofPlainJson() {
        return this == JSON ? JSON : TEXT;
    }

    /** Whether an array in an array is an element, and no further dimension. */
    boolean isWrittenAsArray() {
        return this == JSON || this == TSVECTOR;
    }

    /** Whether a value that begins so is written otherwise than it stands in JSON. */
    boolean isConverted(int first) {
        return switch (this) {
            case INTERVAL, HSTORE -> first == '{';
            case TSVECTOR -> first == '[';
            case DATE, TIMESTAMP -> first == '"';
            default -> false;
        };
    }

    /** The same text for all texts of one value, as far as that can be told from them. */
    String key(String text) {
        return switch (this) {
            case NUMBER -> KeyTexts.number(text);
            case TIME -> KeyTexts.time(text);
            case TIMESTAMP -> KeyTexts.timestamp(text);
            case CITEXT -> KeyTexts.caseless(text);
            default -> text;
        };
    }

    /**
     * The text of a value that is not null.
     *
     * @param json  has just read it
     * @param from  where it begins
     * @param first its first byte
     * @throws InvalidStringException if PostgreSQL cannot hold it
     */
    String text(JsonScanner json, long from, int first) throws InvalidStringException {
        if (this == JSON) {
            return json.rawString(from);
        }
        String text = json.scalar(from);
        return Surrogates.requirePaired(isConverted(first) ? converted(text) : text);
    }

    private String converted(String text) throws InvalidStringException {
        return switch (this) {
            case INTERVAL -> SourceValues.interval(text);
            case HSTORE -> SourceValues.hstore(text);
            case TSVECTOR -> SourceValues.tsvector(text);
            case DATE -> SourceValues.date(text);
            case TIMESTAMP -> SourceValues.timestamp(text);
            default -> text;
        };
    }
}
