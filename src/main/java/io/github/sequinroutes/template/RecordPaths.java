package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Finds the values of a template's paths in a record, in one pass over its bytes. Thread-safe. */
final class RecordPaths {
    private static final List<String> DELETED = List.of("deleted");

    private final ParameterKind[] kinds;
    private final String[] defaults;
    private final TrieNode root = new TrieNode();

    /** The paths of a template, and how the value of each is written. */
    RecordPaths(List<List<String>> paths, ParameterKind[] kinds) {
        this.kinds = kinds;
        defaults = new String[paths.size()];
        for (int parameter = 0; parameter < paths.size(); parameter++) {
            root.insert(paths.get(parameter), parameter);
            // the one field with a default: short messages leave it out
            defaults[parameter] = paths.get(parameter).equals(DELETED) ? "false" : null;
        }
    }

    /**
     * The value of each parameter, or null for SQL NULL.
     *
     * @throws InvalidStringException if PostgreSQL cannot hold one
     */
    String[] valuesOf(Message message) throws InvalidStringException {
        try {
            Pass pass = new Pass(message);
            pass.collect(root);
            return pass.values;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the same bytes have been read before
        }
    }

    private final class Pass {
        private final byte[] bytes;
        private final JsonScanner json;
        private final String[] values = defaults.clone();

        Pass(Message message) {
            bytes = message.bytes();
            json = new JsonScanner(bytes, message.recordStart(), message.recordEnd());
        }

        void collect(TrieNode node) throws IOException, InvalidStringException {
            if (node == null) {
                json.skipValue();
                return;
            }
            for (int parameter : node.parametersBelow()) {
                // of two fields with one name the last counts, as in jsonb: nothing of the first may be left
                values[parameter] = defaults[parameter];
            }
            int first = json.peek();
            long from = json.position();
            if (first == '{' && !node.isLeaf()) {
                collectFields(node);
            } else if (first == '[' && !node.isLeaf()) {
                collectElements(node);
            } else {
                json.skipValue();
            }
            for (int parameter : node.parameters()) {
                values[parameter] = first == 'n' ? defaults[parameter] : value(first, from, kinds[parameter]);
            }
        }

        private void collectFields(TrieNode node) throws IOException, InvalidStringException {
            json.beginObject();
            while (json.hasNext('}')) {
                collect(json.selectName(node.fieldNames()));
            }
        }

        private void collectElements(TrieNode node) throws IOException, InvalidStringException {
            json.beginArray();
            for (int i = 0; json.hasNext(']'); i++) {
                collect(node.child(Integer.toString(i)));
            }
        }

        /** The value from a position to here, as it is written for a parameter of this kind. */
        private String value(int first, long from, ParameterKind kind) throws IOException, InvalidStringException {
            return switch (kind) {
                case JSON -> json.rawString(from);
                case TEXT -> Surrogates.requirePaired(json.scalar(from));
                case ARRAY, JSON_ARRAY ->
                    first == '['
                            ? ArrayLiteral.of(
                                    new JsonScanner(bytes, (int) from, (int) json.position()),
                                    kind == ParameterKind.JSON_ARRAY)
                            : Surrogates.requirePaired(json.scalar(from));
            };
        }
    }
}
