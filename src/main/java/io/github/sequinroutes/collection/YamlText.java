package io.github.sequinroutes.collection;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The nodes of a YAML file, each with its place, so that an error can be shown where it is. */
final class YamlText {
    private final String location;

    /** What is wrong with a file, as {@code file:line:column: text}. */
    static final class WrongException extends Exception {
        WrongException(String problem) {
            super(problem);
        }

        WrongException(String place, String problem) {
            super(place + ": " + problem);
        }
    }

    YamlText(String location) {
        this.location = location;
    }

    /** The root of a text. */
    Node root(String text) throws WrongException {
        try {
            return new Compose(LoadSettings.builder().setLabel(location).build())
                    .composeString(text)
                    .orElseThrow(() -> new WrongException(location + ":1:1", "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            throw new WrongException(place(e.getProblemMark().orElse(null)), problem(e));
        } catch (ReaderException e) {
            String before = text.substring(0, text.offsetByCodePoints(0, e.getPosition()));
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            int column = before.length() - before.lastIndexOf('\n');
            throw new WrongException(
                    location + ":" + line + ":" + column,
                    "the character U+%04X".formatted(e.getCodePoint()) + " is not allowed in YAML");
        } catch (YamlEngineException e) {
            throw new WrongException(location + ":1:1", e.getMessage());
        }
    }

    /** What a parser found, in one line. */
    static String problem(MarkedYamlEngineException e) {
        String problem = e.getProblem() == null ? e.getMessage() : e.getProblem();
        return (e.getContext() == null ? problem : e.getContext() + ", " + problem).replaceAll("\\s+", " ");
    }

    String place(Node node) {
        return place(node.getStartMark().orElse(null));
    }

    /** Lines and columns count from 1, as editors do. */
    String place(Mark mark) {
        return mark == null ? location + ":1:1" : location + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    WrongException wrong(Node node, String problem) {
        return new WrongException(place(node), problem);
    }

    /** The items of a list. */
    List<Node> items(Node node, String what) throws WrongException {
        if (node instanceof SequenceNode list) {
            return list.getValue();
        }
        throw wrong(node, what + " must be a list, whose items begin with '- '");
    }

    /** The entries of an object, none of them twice. */
    List<NodeTuple> entries(Node node, String what) throws WrongException {
        if (!(node instanceof MappingNode object)) {
            throw wrong(node, what + " must have entries such as 'name: value'");
        }
        List<String> names = new ArrayList<>();
        for (NodeTuple entry : object.getValue()) {
            String name = text(entry.getKeyNode());
            if (names.contains(name)) {
                throw wrong(entry.getKeyNode(), name + " is given twice");
            }
            names.add(name);
        }
        return object.getValue();
    }

    /** What an object has under a name, or null. */
    static Node get(Node node, String name) {
        if (node instanceof MappingNode object) {
            for (NodeTuple entry : object.getValue()) {
                if (name.equals(text(entry.getKeyNode()))) {
                    return entry.getValueNode();
                }
            }
        }
        return null;
    }

    /** A plain value, as it stands there; null if it is none, or nothing. */
    static String text(Node node) {
        return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL) ? scalar.getValue() : null;
    }

    /** Shows every object and every plain value below a node. An alias can lead to a node that was shown before. */
    static void visit(Node node, Consumer<Node> visitor) {
        visitor.accept(node);
        if (node.isRecursive()) {
            return;
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> visit(item, visitor));
        } else if (node instanceof MappingNode object) {
            object.getValue().forEach(entry -> visit(entry.getValueNode(), visitor));
        }
    }
}
