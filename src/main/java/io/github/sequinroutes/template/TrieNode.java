package io.github.sequinroutes.template;

import io.github.sequinroutes.json.FieldNames;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A node of the trie of a template's paths: the parameters whose path ends here, and the children by field name. */
final class TrieNode {
    private final Map<String, TrieNode> children = new HashMap<>();
    private final String name;
    private int[] parameters = {};
    private int[] parametersBelow = {};
    private FieldNames<TrieNode> fieldNames = new FieldNames<>(children, null);

    /** The child with this name; the root has none. */
    TrieNode(String name) {
        this.name = name;
    }

    /** The name that leads to it from its parent. */
    String name() {
        return name;
    }

    /** Inserts the path of a parameter. */
    void insert(List<String> path, int parameter) {
        if (path.isEmpty()) {
            parameters = with(parameter, parameters);
        } else {
            parametersBelow = with(parameter, parametersBelow);
            children.computeIfAbsent(path.get(0), TrieNode::new).insert(path.subList(1, path.size()), parameter);
            fieldNames = new FieldNames<>(children, null);
        }
    }

    /** The parameters whose path ends here. */
    int[] parameters() {
        return parameters;
    }

    /** Whether it has no children. */
    boolean isLeaf() {
        return children.isEmpty();
    }

    /** The children by field name; null for every other name. */
    FieldNames<TrieNode> fieldNames() {
        return fieldNames;
    }

    /** The names of the children. */
    Set<String> names() {
        return children.keySet();
    }

    /** The child with this name, or null. */
    TrieNode child(String name) {
        return children.get(name);
    }

    /** The parameters whose path ends at a descendant. */
    int[] parametersBelow() {
        return parametersBelow;
    }

    private static int[] with(int parameter, int[] others) {
        int[] all = Arrays.copyOf(others, others.length + 1);
        all[others.length] = parameter;
        return all;
    }
}
