package io.github.sequinroutes.template;

import io.github.sequinroutes.json.FieldNames;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A name in the paths of a template: which parameters end there, and where the paths go on. */
final class TrieNode {
    private final Map<String, TrieNode> children = new HashMap<>();
    private int[] parameters = {};
    private int[] parametersBelow = {};
    private FieldNames<TrieNode> fieldNames = new FieldNames<>(children, null);

    /** Adds the path to a parameter. */
    void insert(List<String> path, int parameter) {
        if (path.isEmpty()) {
            parameters = with(parameter, parameters);
        } else {
            parametersBelow = with(parameter, parametersBelow);
            children.computeIfAbsent(path.get(0), name -> new TrieNode())
                    .insert(path.subList(1, path.size()), parameter);
            fieldNames = new FieldNames<>(children, null);
        }
    }

    /** The parameters whose path ends here. */
    int[] parameters() {
        return parameters;
    }

    /** Whether no path goes on from here. */
    boolean isLeaf() {
        return children.isEmpty();
    }

    /** Where the paths go on by name; null for every other name. */
    FieldNames<TrieNode> fieldNames() {
        return fieldNames;
    }

    /** Where the paths go on that have this name, or null. */
    TrieNode child(String name) {
        return children.get(name);
    }

    /** The parameters whose path goes on from here. */
    int[] parametersBelow() {
        return parametersBelow;
    }

    private static int[] with(int parameter, int[] others) {
        int[] all = Arrays.copyOf(others, others.length + 1);
        all[others.length] = parameter;
        return all;
    }
}
