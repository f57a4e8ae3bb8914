package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import java.io.IOException;

/** PostgreSQL's literal of an array, made from a JSON array: {@code [1, null, "a b"]} becomes {@code {1,NULL,"a b"}}. */
final class ArrayLiteral {
    private final JsonScanner json;
    private final ValueType type;
    private final StringBuilder text = new StringBuilder();
    private boolean empty = true;

    private ArrayLiteral(JsonScanner json, ValueType type) {
        this.json = json;
        this.type = type;
    }

    /** The literal of the array that comes next; of json each element is JSON, and arrays in it are too. */
    static String of(JsonScanner json, ValueType type) throws IOException, InvalidStringException {
        ArrayLiteral array = new ArrayLiteral(json, type);
        array.append();
        // empty arrays in an empty array: PostgreSQL has only one empty array, and takes no other text before 17
        return array.empty ? "{}" : array.text.toString();
    }

    private void append() throws IOException, InvalidStringException {
        int depth = 0;
        do {
            if (json.peek() == '[' && (depth == 0 || !type.isWrittenAsArray())) {
                json.beginArray();
                text.append('{');
                depth++;
            } else {
                appendElement();
            }
            while (depth > 0 && !json.hasNext(']')) {
                text.append('}');
                depth--;
            }
            if (depth > 0 && text.charAt(text.length() - 1) != '{') {
                text.append(',');
            }
        } while (depth > 0);
    }

    private void appendElement() throws IOException, InvalidStringException {
        empty = false;
        int first = json.peek();
        long from = json.position();
        json.skipValue();
        if (first == 'n') {
            text.append("NULL");
        } else {
            appendQuoted(text, type.text(json, from, first));
        }
    }

    /** Appends an element, in quotes. */
    static void appendQuoted(StringBuilder text, String element) {
        text.append('"');
        for (int i = 0; i < element.length(); i++) {
            char c = element.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }
}
