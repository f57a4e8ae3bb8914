package io.github.sequinroutes.sandbox.value;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads PostgreSQL's text form of an array as the real server does: an element NULL is null even in quotes, and an array
 * with a lower bound, such as {@code [0:1]={1,2}}, is an error.
 */
final class ArrayText {
    private final String text;
    private int position;

    private ArrayText(String text) {
        this.text = text;
    }

    /**
     * The elements: strings, nulls, and lists of the same.
     *
     * @throws IllegalArgumentException if it is no array without lower bounds
     */
    static List<Object> parse(String text) {
        ArrayText array = new ArrayText(text);
        if (!text.startsWith("{")) {
            throw new IllegalArgumentException("This array has no opening brace: " + text);
        }
        List<Object> elements = array.elements();
        if (array.position < text.length()) {
            throw new IllegalArgumentException("This array has more after its end: " + text);
        }
        return elements;
    }

    private List<Object> elements() {
        List<Object> elements = new ArrayList<>();
        position++;
        while (true) {
            char next = text.charAt(position);
            switch (next) {
                case '}' -> {
                    position++;
                    return elements;
                }
                case ',' -> position++;
                case '{' -> elements.add(elements());
                default -> {
                    String element = next == '"' ? quoted() : plain();
                    elements.add("NULL".equals(element) ? null : element);
                }
            }
        }
    }

    private String plain() {
        int start = position;
        while (text.charAt(position) != ',' && text.charAt(position) != '}') {
            position++;
        }
        return text.substring(start, position);
    }

    private String quoted() {
        StringBuilder element = new StringBuilder();
        for (position++; text.charAt(position) != '"'; position++) {
            if (text.charAt(position) == '\\') {
                position++;
            }
            element.append(text.charAt(position));
        }
        position++;
        return element.toString();
    }
}
