package io.github.sequinroutes.bind;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.github.sequinroutes.read.Json;
import io.github.sequinroutes.read.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the values of a template's paths in a record, in one pass over its bytes. Thread-safe. */
final class RecordPaths {
    private static final List<String> DELETED = List.of("deleted");

    private final ParameterKind[] kinds;
    private final String[] defaults;
    private final Node root = new Node();
    private final long describedAt = System.nanoTime();

    /** The paths of a template, and how the value of each is written. */
    RecordPaths(List<List<String>> paths, ParameterKind[] kinds) {
        this.kinds = kinds;
        defaults = new String[paths.size()];
        for (int parameter = 0; parameter < paths.size(); parameter++) {
            Node node = root;
            for (String name : paths.get(parameter)) {
                node = node.children.computeIfAbsent(name, n -> new Node());
            }
            node.add(parameter);
            // the one field with a default: short messages leave it out
            defaults[parameter] = paths.get(parameter).equals(DELETED) ? "false" : null;
        }
    }

    /** Whether the table may have changed since: to ask the server once a second costs nothing. */
    boolean isOld() {
        return System.nanoTime() - describedAt > 1_000_000_000;
    }

    /** The value of each parameter, or null for SQL NULL. */
    String[] valuesOf(Message message) throws SQLException {
        int start = message.recordStart();
        int length = message.recordEnd() - start;
        try (JsonParser json = Json.FACTORY.createParser(message.bytes(), start, length)) {
            Pass pass = new Pass(json, message);
            json.nextToken();
            pass.collect(root);
            return pass.values;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the same bytes have been parsed before
        }
    }

    /** A name in a path, and which parameters end at it. */
    private static final class Node {
        final Map<String, Node> children = new HashMap<>();
        int[] parameters = {};

        void add(int parameter) {
            parameters = Arrays.copyOf(parameters, parameters.length + 1);
            parameters[parameters.length - 1] = parameter;
        }
    }

    private final class Pass {
        private final JsonParser json;
        private final Message message;
        private final String[] values = defaults.clone();

        Pass(JsonParser json, Message message) {
            this.json = json;
            this.message = message;
        }

        /** Reads the value at which the parser stands; leaves the parser at its last token. */
        void collect(Node node) throws IOException, SQLException {
            if (node == null) {
                json.skipChildren();
                return;
            }
            reset(node);
            if (json.currentToken().isScalarValue()) {
                for (int parameter : node.parameters) {
                    values[parameter] = scalar(parameter);
                }
            } else {
                long start = json.currentTokenLocation().getByteOffset();
                collectChildren(node);
                if (node.parameters.length > 0) {
                    String text = received(start);
                    for (int parameter : node.parameters) {
                        values[parameter] = structure(text, kinds[parameter]);
                    }
                }
            }
        }

        /** Of two fields with one name the last counts, as in jsonb: nothing of the first may be left. */
        private void reset(Node node) {
            for (int parameter : node.parameters) {
                values[parameter] = defaults[parameter];
            }
            node.children.values().forEach(this::reset);
        }

        private void collectChildren(Node node) throws IOException, SQLException {
            if (node.children.isEmpty()) {
                json.skipChildren();
            } else if (json.currentToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    Node child = node.children.get(json.currentName());
                    json.nextToken();
                    collect(child);
                }
            } else {
                for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
                    collect(node.children.get(Integer.toString(i)));
                }
            }
        }

        private String scalar(int parameter) throws IOException, SQLException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return defaults[parameter];
            }
            if (json.currentToken() != JsonToken.VALUE_STRING) {
                return json.getText();
            }
            if (kinds[parameter] == ParameterKind.JSON) {
                long start = json.currentTokenLocation().getByteOffset();
                json.finishToken();
                return received(start);
            }
            return Text.checked(json.getText());
        }

        /** The text from a position of the record to where the parser stands, exactly as received. */
        private String received(long from) {
            int length = (int) (json.currentLocation().getByteOffset() - from);
            return new String(message.bytes(), message.recordStart() + (int) from, length, StandardCharsets.UTF_8);
        }
    }

    private static String structure(String text, ParameterKind kind) throws IOException, SQLException {
        boolean array = text.charAt(0) == '[';
        return switch (kind) {
            case ARRAY -> array ? ArrayText.of(text, false) : text;
            case JSON_ARRAY -> array ? ArrayText.of(text, true) : text;
            case JSON, TEXT -> text;
        };
    }
}
