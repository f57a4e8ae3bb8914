package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

/** The nodes of a YAML file, each with its place, and what has been found wrong with them. */
final class YamlText {
    private final String location;
    private final List<Problem> problems = new ArrayList<>();

    YamlText(String location) {
        this.location = location;
    }

    /** The root of a text; null if it cannot be parsed, which is then a problem. */
    Node root(String text) {
        try {
            Optional<Node> root =
                    new Compose(LoadSettings.builder().setLabel(location).build()).composeString(text);
            if (root.isEmpty()) {
                add(1, 1, "the file is empty; write a route, or remove the file");
            }
            return root.orElse(null);
        } catch (MarkedYamlEngineException e) {
            problems.add(new YamlSyntax(location, text).problem(e));
        } catch (ReaderException e) {
            String before = text.substring(0, text.offsetByCodePoints(0, e.getPosition()));
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            add(
                    line,
                    before.length() - before.lastIndexOf('\n'),
                    "the character U+%04X is not allowed in YAML; remove it".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            add(1, 1, e.getMessage());
        }
        return null;
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

    /** Notes a problem at a node. */
    void report(Node node, String problem) {
        problems.add(PlacedText.read(place(node) + ": " + problem, location));
    }

    /** Notes something doubtful at a node. */
    void warn(Node node, String doubt) {
        Problem problem = PlacedText.read(place(node) + ": " + doubt, location);
        add(new Problem(problem.file(), problem.line(), problem.column(), true, problem.text()));
    }

    /** Notes a problem, perhaps of another file. */
    void add(Problem problem) {
        problems.add(problem);
    }

    private void add(int line, int column, String problem) {
        problems.add(new Problem(location, line, column, false, problem));
    }

    /** What has been found, in the order of places, each once. */
    List<Problem> problems() {
        return problems.stream().distinct().sorted().toList();
    }

    /** How many problems have been noted. */
    int count() {
        return problems.size();
    }

    /** The items of a list; none if it is no list, which is then a problem. */
    List<Node> items(Node node, String what) {
        if (node instanceof SequenceNode list) {
            return list.getValue();
        }
        report(node, what + " must be a list, whose items begin with '- '");
        return List.of();
    }

    /** The entries of an object, each name once; one that is there twice is a problem. */
    List<NodeTuple> entries(Node node, String what) {
        if (!(node instanceof MappingNode object)) {
            report(node, what + " must have entries such as 'name: value'");
            return List.of();
        }
        List<String> names = new ArrayList<>();
        List<NodeTuple> entries = new ArrayList<>();
        boolean isTwice = false;
        for (NodeTuple entry : object.getValue()) {
            String name = text(entry.getKeyNode());
            if (names.contains(name)) {
                if (!isTwice) { // the others are of the same item that has no dash
                    String hint = "; remove one, or let the next item begin with '- '";
                    report(entry.getKeyNode(), name + " is given twice" + hint);
                }
                isTwice = true;
            } else {
                names.add(name);
                entries.add(entry);
            }
        }
        return entries;
    }

    /** What an object has under a name, or null. */
    static Node get(Node node, String name) {
        return node instanceof MappingNode object ? get(object.getValue(), name) : null;
    }

    /** What one of these entries has under a name, or null. */
    static Node get(List<NodeTuple> entries, String name) {
        for (NodeTuple entry : entries) {
            if (name.equals(text(entry.getKeyNode()))) {
                return entry.getValueNode();
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
