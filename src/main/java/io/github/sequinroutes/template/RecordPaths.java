package io.github.sequinroutes.template;

import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.json.JsonScanner;
import io.github.sequinroutes.message.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the values of a template's paths in a record, in one pass over its bytes. Thread-safe. */
final class RecordPaths {
    private static final List<String> DELETED = List.of("deleted");
    /** Where the records of the Consume API have their data; in those of the Stream API it stands elsewhere. */
    private static final String DATA = "data";

    private static final byte[] UNCHANGED = "\"unchanged_toast\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.UTF_8);

    private final ParameterKind[] kinds;
    private final String[] defaults;
    private final String[] noDefaults;
    private final TrieNode root = new TrieNode("");

    /** The paths of a template, and how the value of each is written. */
    RecordPaths(List<List<String>> paths, ParameterKind[] kinds) {
        this.kinds = kinds;
        defaults = new String[paths.size()];
        noDefaults = new String[paths.size()];
        for (int parameter = 0; parameter < paths.size(); parameter++) {
            root.insert(paths.get(parameter), parameter);
            // the one field with a default: short messages leave it out
            defaults[parameter] = paths.get(parameter).equals(DELETED) ? "false" : null;
        }
    }

    /**
     * The value of each parameter.
     *
     * @throws InvalidStringException if PostgreSQL cannot hold one
     */
    PathValues valuesOf(Message message) throws InvalidStringException {
        try {
            Pass pass = new Pass(message);
            pass.collect(root);
            pass.values.lack(pass.unchanged, pass.needsRow);
            return pass.values;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // the same bytes have been read before
        }
    }

    /** Those of these columns of which a backfill sends null, whatever their values are. */
    Set<String> unreadable(String dataField, Set<String> columns) {
        Set<String> unreadable = new HashSet<>();
        TrieNode row = root.child(dataField);
        for (String column : columns) {
            TrieNode node = row == null ? null : row.child(column);
            if (node != null && !isReadable(node)) {
                unreadable.add(column);
            }
        }
        return unreadable;
    }

    private boolean isReadable(TrieNode column) {
        for (int parameter : column.parameters()) {
            if (kinds[parameter].isReadable()) {
                return true;
            }
        }
        return column.parameters().length == 0;
    }

    private final class Pass {
        private final byte[] bytes;
        private final JsonScanner json;
        private final boolean isPlainJson;
        private final boolean isRead;
        /** What stands for a value that is missing, or null if none may be. */
        private final byte[] missing;
        /** The columns, if so. */
        private final TrieNode incomplete;

        private final String[] blank;
        private final PathValues values;
        /** The columns, of messages that have all those that their table had then. */
        private final TrieNode row;

        private final Set<String> unchanged;
        private boolean needsRow;

        Pass(Message message) {
            bytes = message.bytes();
            json = new JsonScanner(bytes, message.recordStart(), message.recordEnd());
            isPlainJson = message.format().dataField().equals(DATA);
            isRead = message.isRead();
            blank = isPlainJson ? defaults : noDefaults;
            values = new PathValues(bytes, blank);
            missing = missing(message);
            row = isPlainJson ? null : root.child(message.format().dataField());
            unchanged = row == null ? Set.of() : new HashSet<>(0);
            incomplete = missing == null ? null : root.child(message.format().dataField());
        }

        /** A deletion has the columns of the key, and often no others; a row that was read lacks those of some types. */
        private byte[] missing(Message message) {
            if (message.mayLackValues()) {
                return UNCHANGED;
            }
            return (message.isDeleted() && !isPlainJson) || message.isRead() ? NULL : null;
        }

        void collect(TrieNode node) throws IOException, InvalidStringException {
            if (node == null) {
                json.skipValue();
                return;
            }
            for (int parameter : node.parametersBelow()) {
                // of two fields with one name the last counts, as in jsonb: nothing of the first may be left
                values.set(parameter, blank[parameter]);
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
                if (first == 'n') {
                    values.set(parameter, blank[parameter]);
                } else {
                    read(parameter, first, from);
                }
            }
            if (node == incomplete && missing != null && first == '{' && node.parameters().length > 0) {
                noteAnyUnchanged(node, (int) from);
            }
        }

        private void collectFields(TrieNode node) throws IOException, InvalidStringException {
            int start = (int) json.position();
            int known = 0;
            json.beginObject();
            if (node == incomplete) {
                unchanged.clear();
            }
            while (json.hasNext('}')) {
                TrieNode child = json.selectName(node.fieldNames());
                json.peek();
                long from = json.position();
                collect(child);
                known += child == null ? 0 : 1;
                if (node == incomplete && child != null) {
                    noteUnchanged(child, isUnchanged(json, from) && !isNull(child));
                }
            }
            if (node == row && known < node.names().size()) {
                noteAbsent(node, start);
            }
        }

        /** A column that the message does not name is newer than that, and not NULL because of it. */
        private void noteAbsent(TrieNode columns, int start) throws IOException {
            Set<String> absent = new HashSet<>(columns.names());
            JsonScanner names = new JsonScanner(bytes, start, (int) json.position());
            names.peek();
            names.beginObject();
            while (names.hasNext('}')) {
                TrieNode child = names.selectName(columns.fieldNames());
                if (child != null) {
                    absent.remove(child.name());
                }
                names.skipValue();
            }
            unchanged.addAll(absent);
        }

        /** Whether its null is a null: what a backfill cannot read it sends as null, whatever it is. */
        private boolean isNull(TrieNode column) {
            return isRead && isReadable(column);
        }

        private void noteUnchanged(TrieNode column, boolean isUnchanged) {
            if (isUnchanged) {
                unchanged.add(column.name());
                needsRow |= missing == UNCHANGED;
                for (int parameter : column.parameters()) {
                    values.set(parameter, null);
                }
            } else {
                unchanged.remove(column.name());
            }
        }

        /** For a path to the record as a whole: columns to which no path leads count as well. */
        private void noteAnyUnchanged(TrieNode row, int from) throws IOException {
            JsonScanner columns = new JsonScanner(bytes, from, (int) json.position());
            columns.peek();
            columns.beginObject();
            while (columns.hasNext('}')) {
                TrieNode child = columns.selectName(row.fieldNames());
                columns.peek();
                long value = columns.position();
                columns.skipValue();
                if (isUnchanged(columns, value) && (child == null || !isNull(child))) {
                    unchanged.add(PathValues.ANY);
                    needsRow |= missing == UNCHANGED;
                }
            }
        }

        private boolean isUnchanged(JsonScanner read, long from) {
            int to = (int) read.position();
            return Arrays.equals(bytes, (int) from, to, missing, 0, missing.length);
        }

        private void collectElements(TrieNode node) throws IOException, InvalidStringException {
            json.beginArray();
            for (int i = 0; json.hasNext(']'); i++) {
                collect(node.child(Integer.toString(i)));
            }
        }

        /** Notes the value from a position to here, as it is written for a parameter. */
        private void read(int parameter, int first, long from) throws IOException, InvalidStringException {
            ValueType type = isPlainJson ? kinds[parameter].type().ofPlainJson() : kinds[parameter].type();
            boolean isString = first == '"' && type != ValueType.JSON;
            boolean isAsItStands =
                    !kinds[parameter].isArray() && !type.isConverted(first) && !(isString && json.isEscaped());
            if (!isAsItStands) {
                values.set(parameter, text(parameter, type, first, from));
                return;
            }
            if (!json.isAscii(from)) {
                json.rawString(from); // is it UTF-8?
            }
            int quote = isString ? 1 : 0;
            values.setRange(parameter, (int) from + quote, (int) json.position() - quote);
        }

        private String text(int parameter, ValueType type, int first, long from)
                throws IOException, InvalidStringException {
            if (!kinds[parameter].isArray()) {
                return type.text(json, from, first);
            }
            return first == '['
                    ? ArrayLiteral.of(new JsonScanner(bytes, (int) from, (int) json.position()), type)
                    : Surrogates.requirePaired(json.scalar(from));
        }
    }
}
