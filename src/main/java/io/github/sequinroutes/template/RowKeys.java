package io.github.sequinroutes.template;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.message.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The keys of rows of the Stream API: the values that go into the columns of the key, the same for each message of a row.
 * What the server says of them elsewhere, in {@code record_pks}, it writes in several ways, and in an order of its own.
 * Thread-safe.
 */
public final class RowKeys {
    private static final String CHANGES = "changes";

    private final ParameterKind[] kinds;
    private final RecordPaths paths;
    /** Where a change says what they were before. */
    private final RecordPaths formerPaths;

    /** Those of a template in which the parameters of the key have these paths and kinds. */
    RowKeys(List<List<String>> keyPaths, ParameterKind[] kinds) {
        this.kinds = kinds;
        paths = new RecordPaths(keyPaths, kinds);
        formerPaths = new RecordPaths(keyPaths.stream().map(RowKeys::formerPath).toList(), kinds);
    }

    private static List<String> formerPath(List<String> path) {
        List<String> former = new ArrayList<>(path);
        former.set(0, path.get(0).equals(KeyPaths.RECORD) ? CHANGES : "");
        return former;
    }

    /** The values of a row's key, or null if the message lacks one of them. */
    public List<String> of(Message message) {
        return whole(texts(paths, message));
    }

    /** The values of the key that a row had before this change of it, or null if that is the same, or not known. */
    public List<String> formerOf(Message change) {
        List<String> now = of(change);
        String[] former = texts(formerPaths, change);
        for (int i = 0; now != null && i < former.length; i++) {
            former[i] = former[i] == null ? now.get(i) : former[i];
        }
        return now == null || now.equals(Arrays.asList(former)) ? null : List.of(former);
    }

    /** A key as one text. */
    public static String joined(List<String> key) {
        if (key.size() == 1) {
            return key.get(0);
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        key.forEach(all::add);
        return all.toString();
    }

    private static List<String> whole(String[] texts) {
        return texts.length == 0 || Arrays.asList(texts).contains(null) ? null : List.of(texts);
    }

    private String[] texts(RecordPaths which, Message message) {
        try {
            String[] texts = which.valuesOf(message).texts();
            for (int i = 0; i < texts.length; i++) {
                texts[i] = texts[i] == null ? null : kinds[i].key(texts[i]);
            }
            return texts;
        } catch (InvalidStringException cannotBeWritten) {
            return new String[kinds.length];
        }
    }
}
