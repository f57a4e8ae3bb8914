package io.github.sequinroutes.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.sequinroutes.read.Json;
import java.io.IOException;
import java.sql.SQLException;

/** PostgreSQL's text form of an array, from a JSON array: {@code [1, null, "a b"]} becomes {@code {1,NULL,"a b"}}. */
final class ArrayText {
    private final String source;
    private final JsonParser json;
    private final boolean ofJson;
    private final StringBuilder text = new StringBuilder();

    private ArrayText(String source, JsonParser json, boolean ofJson) {
        this.source = source;
        this.json = json;
        this.ofJson = ofJson;
    }

    /** The array's text; with {@code ofJson} each element is JSON text, and arrays in it are elements too. */
    static String of(String source, boolean ofJson) throws IOException, SQLException {
        try (JsonParser json = Json.FACTORY.createParser(source)) {
            json.nextToken();
            ArrayText array = new ArrayText(source, json, ofJson);
            array.append();
            return array.text.toString();
        }
    }

    private void append() throws IOException, SQLException {
        int depth = 0;
        do {
            if (json.currentToken() == JsonToken.END_ARRAY) {
                text.append('}');
                depth--;
            } else {
                if (depth > 0 && text.charAt(text.length() - 1) != '{') {
                    text.append(',');
                }
                if (json.currentToken() == JsonToken.START_ARRAY && (depth == 0 || !ofJson)) {
                    text.append('{');
                    depth++;
                } else {
                    appendElement();
                }
            }
            json.nextToken();
        } while (depth > 0);
    }

    private void appendElement() throws IOException, SQLException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            text.append("NULL");
        } else if (ofJson || token == JsonToken.START_OBJECT) {
            long start = json.currentTokenLocation().getCharOffset();
            json.skipChildren();
            json.finishToken();
            appendQuoted(
                    source.substring((int) start, (int) json.currentLocation().getCharOffset()));
        } else {
            appendQuoted(Text.checked(json.getText()));
        }
    }

    private void appendQuoted(String element) {
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
