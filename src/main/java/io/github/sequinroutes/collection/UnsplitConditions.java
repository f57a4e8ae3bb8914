package io.github.sequinroutes.collection;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds the steps that drop messages, or make dead letters of them, on a condition, with no {@code split} above that. The
 * condition is then asked of the batch, and what is true of a batch would be done with all of it.
 */
final class UnsplitConditions {
    private static final Set<String> CONDITIONS = Set.of("filter", "when", "otherwise");
    private static final Pattern ENDS = Pattern.compile("(kamelet:)?(//)?(dead-letter|drop)-sink\\b.*");

    private final List<Node> found = new ArrayList<>();

    private UnsplitConditions() {}

    /** Those of a route, in the order of the file. */
    static List<Node> of(Node route) {
        UnsplitConditions conditions = new UnsplitConditions();
        conditions.visit(YamlText.get(route, "from"), false);
        return conditions.found;
    }

    private void visit(Node node, boolean isConditional) {
        if (node == null || node.isRecursive()) {
            return;
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> visit(item, isConditional));
        } else if (node instanceof MappingNode object) {
            object.getValue().forEach(entry -> visitEntry(entry, isConditional));
        }
    }

    private void visitEntry(NodeTuple entry, boolean isConditional) {
        String name = String.valueOf(YamlText.text(entry.getKeyNode()));
        Node value = entry.getValueNode();
        boolean isStep = name.equals("to") || name.equals("kamelet");
        if (isConditional && isStep && ENDS.matcher(OrdinaryRoute.uri(value)).matches()) {
            found.add(value);
        }
        if (!name.equals("split")) {
            visit(value, isConditional || CONDITIONS.contains(name));
        }
    }
}
