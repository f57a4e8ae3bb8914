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
    /** What a message has, and a batch has not. */
    private static final Pattern OF_MESSAGE = Pattern.compile("body\\.value\\(");

    private static final Pattern ENDS = Pattern.compile("(kamelet:)?(//)?(dead-letter|drop)-sink\\b.*");

    private final List<Node> found = new ArrayList<>();

    private UnsplitConditions() {}

    /** Those of a route, in the order of the file. */
    static List<Node> of(Node route) {
        UnsplitConditions conditions = new UnsplitConditions();
        conditions.visit(YamlText.get(route, "from"), false, false);
        return conditions.found;
    }

    private void visit(Node node, boolean isConditional, boolean asksMessage) {
        if (node == null || node.isRecursive()) {
            return;
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> visit(item, isConditional, asksMessage));
        } else if (node instanceof MappingNode object) {
            boolean asks = asksMessage || asksMessage(object);
            object.getValue().forEach(entry -> visitEntry(entry, isConditional, asks));
        }
    }

    /** Whether the condition of a step is one of a message. */
    private static boolean asksMessage(Node step) {
        boolean[] found = {false};
        for (String language : List.of("expression", "simple")) {
            Node condition = YamlText.get(step, language);
            if (condition != null) {
                YamlText.visit(condition, node -> {
                    String text = YamlText.text(node);
                    found[0] |= text != null && OF_MESSAGE.matcher(text).find();
                });
            }
        }
        return found[0];
    }

    private void visitEntry(NodeTuple entry, boolean isConditional, boolean asksMessage) {
        String name = String.valueOf(YamlText.text(entry.getKeyNode()));
        Node value = entry.getValueNode();
        boolean isStep = name.equals("to") || name.equals("kamelet");
        String uri = isStep ? OrdinaryRoute.uri(value) : "";
        boolean isAsked = ENDS.matcher(uri).matches()
                || (asksMessage && SinkSteps.SINK.matcher(uri).matches());
        if (isConditional && isAsked) {
            found.add(value);
        }
        if (!name.equals("split")) {
            visit(value, isConditional || CONDITIONS.contains(name), asksMessage);
        }
    }
}
