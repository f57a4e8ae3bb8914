package io.github.sequinroutes.bind;

import io.github.sequinroutes.read.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A name in the paths of a template: which parameters end there, and where the paths go on. */
final class PathNode {
    private final Map<String, PathNode> children = new HashMap<>();
    private final List<Integer> parameters = new ArrayList<>();
    private final List<Integer> parametersBelow = new ArrayList<>();
    private Names<PathNode> names = new Names<>(children, null);

    /** Adds the path to a parameter. */
    void add(List<String> path, int parameter) {
        if (path.isEmpty()) {
            parameters.add(parameter);
        } else {
            parametersBelow.add(parameter);
            children.computeIfAbsent(path.get(0), name -> new PathNode()).add(path.subList(1, path.size()), parameter);
            names = new Names<>(children, null);
        }
    }

    /** The parameters whose path ends here. */
    List<Integer> parameters() {
        return parameters;
    }

    /** Whether no path goes on from here. */
    boolean isLeaf() {
        return children.isEmpty();
    }

    /** Where the paths go on by name; null for every other name. */
    Names<PathNode> names() {
        return names;
    }

    /** Where the paths go on that have this name, or null. */
    PathNode child(String name) {
        return children.get(name);
    }

    /** The parameters whose path goes on from here. */
    List<Integer> parametersBelow() {
        return parametersBelow;
    }
}
