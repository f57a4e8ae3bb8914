package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Checks a {@code templatedRoute}: Camel itself says nothing of a parameter that its template does not have, and speaks
 * of a missing file only when the route starts.
 */
final class TemplatedRouteCheck {
    private static final Set<String> ENTRIES = Set.of(
            "routeTemplateRef", "routeId", "prefixId", "group", "parameters", "beans", "id", "description", "note");
    private static final Set<String> PARAMETERS = Set.of("collection", "upsert", "delete", "guard");

    /** Characters without a shape, and blanks that are not the usual one. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cf}\\p{Cc}\\p{Z}&&[^ \\n\\r\\t]]");

    /** A name of a table may have one inside. */
    private static final Pattern BLANKS = Pattern.compile("^\\s|\\s$|\\s:|:\\s|[\\n\\r\\t]");

    private final CamelContext context;
    private final YamlText yaml;
    private final SqlFiles sqlFiles;
    /** Parameters that are meant by a name that is none. */
    private final Set<String> meant = new HashSet<>();

    TemplatedRouteCheck(CamelContext context, YamlText yaml, SqlFiles sqlFiles) {
        this.context = context;
        this.yaml = yaml;
        this.sqlFiles = sqlFiles;
    }

    /** Whether a templatedRoute can have something of this name. */
    static boolean isEntry(String name) {
        return name != null && ENTRIES.contains(name);
    }

    /**
     * Checks one.
     *
     * @param outside what belongs to it, though it is not indented so
     */
    void check(Node route, List<NodeTuple> outside) {
        List<NodeTuple> entries = new ArrayList<>(outside);
        if (route instanceof MappingNode || outside.isEmpty()) {
            entries.addAll(yaml.entries(route, "a templatedRoute"));
        }
        boolean isComplete = route instanceof MappingNode || !outside.isEmpty();
        for (NodeTuple entry : entries) {
            String name = YamlText.text(entry.getKeyNode());
            if (name == null || !ENTRIES.contains(name)) {
                String hint = PARAMETERS.contains(String.valueOf(name))
                        ? "; it is a parameter: write it under parameters as '- name: " + name + "' and 'value: ...'"
                        : hint(name, ENTRIES, "; it can have routeTemplateRef, routeId and parameters");
                yaml.report(entry.getKeyNode(), name + " is nothing that a templatedRoute can have" + hint);
                isComplete &= PARAMETERS.contains(String.valueOf(name)); // what is missing is likely meant by it
                meant.add(String.valueOf(name));
            }
        }
        Node reference = YamlText.get(entries, "routeTemplateRef");
        String template = YamlText.text(reference);
        if (template == null) {
            if (isComplete) {
                yaml.report(
                        reference == null ? route : reference,
                        "routeTemplateRef is missing, such as collection; write 'routeTemplateRef: collection'");
            }
            template = RouteTemplates.COLLECTION;
        }
        List<String> known = RouteTemplates.parameters(context, template);
        if (known == null) {
            if (reference != null) {
                yaml.report(
                        reference,
                        "there is no route template " + template
                                + hint(
                                        template,
                                        RouteTemplates.ids(context),
                                        "; that of a collection is called collection"));
            }
            template = RouteTemplates.COLLECTION; // likely meant
            known = RouteTemplates.parameters(context, template);
        }
        if (known != null) {
            checkParameters(route, entries, template, known, isComplete);
        }
    }

    private void checkParameters(
            Node route, List<NodeTuple> entries, String template, List<String> known, boolean isComplete) {
        Map<String, Node> parameters = new LinkedHashMap<>();
        Node list = YamlText.get(entries, "parameters");
        if (list instanceof MappingNode object) {
            String first = YamlText.text(
                    object.getValue().isEmpty()
                            ? null
                            : object.getValue().get(0).getKeyNode());
            yaml.report(
                    list,
                    String.valueOf(first).startsWith("-")
                            ? "a blank is missing behind the '-'"
                            : "parameters must be a list, whose items begin with '- '; write '- name: collection' and"
                                    + " 'value: ...'");
        } else if (list != null) {
            yaml.items(list, "parameters").forEach(item -> readParameter(item, template, known, parameters));
        }
        boolean isList = list == null || list instanceof SequenceNode;
        boolean hasNameless = meant.contains("");
        for (String name : RouteTemplates.needed(context, template)) {
            if (isComplete && isList && !hasNameless && !parameters.containsKey(name) && !meant.contains(name)) {
                yaml.report(
                        route,
                        "parameter " + name + " is missing; write '- name: " + name + "' and 'value: ...' under"
                                + " parameters");
            }
        }
        if (template.equals(RouteTemplates.COLLECTION)) {
            checkCollection(parameters);
        }
    }

    private void readParameter(Node item, String template, List<String> known, Map<String, Node> parameters) {
        int before = yaml.count();
        for (NodeTuple entry : yaml.entries(item, "a parameter")) {
            String key = YamlText.text(entry.getKeyNode());
            if (!"name".equals(key) && !"value".equals(key)) {
                boolean isParameter = key != null && PARAMETERS.contains(key);
                String hint = isParameter
                        ? ": write '- name: " + key + "' and 'value: ...'"
                        : hint(key, List.of("name", "value"), ": write '- name: collection' and 'value: ...'");
                yaml.report(entry.getKeyNode(), "a parameter has a name and a value, not " + key + hint);
            }
        }
        if (yaml.count() > before) {
            meant.add("");
        }
        Node name = YamlText.get(item, "name");
        Node value = YamlText.get(item, "value");
        String text = YamlText.text(name);
        boolean isWhole = yaml.count() == before;
        if (text == null) {
            if (isWhole) {
                yaml.report(name == null ? item : name, "a parameter must have a name; write 'name: collection'");
            }
            meant.add("");
            return;
        }
        if (!known.contains(text)) {
            String hint = hint(text, known, "; it has " + String.join(", ", known));
            yaml.report(name, "route template " + template + " has no parameter " + text + hint);
            known.stream()
                    .filter(parameter -> hint.equals("; did you mean " + parameter + "?"))
                    .forEach(meant::add);
            return;
        }
        if (YamlText.text(value) == null) {
            meant.add(text);
            if (isWhole) {
                boolean isNothing = value == null || value instanceof ScalarNode;
                yaml.report(
                        value == null ? item : value,
                        "parameter " + text
                                + (isNothing
                                        ? " must have a value; write 'value: ...', in quotes if it has a #"
                                        : " must have a text as its value; write it in quotes"));
            }
            return;
        }
        if (parameters.put(text, value) != null) {
            yaml.report(name, "parameter " + text + " is given twice; remove one");
        }
    }

    private void checkCollection(Map<String, Node> parameters) {
        Node collection = parameters.get("collection");
        if (collection != null) {
            String id = YamlText.text(collection);
            if (id.isEmpty()) {
                yaml.report(collection, "parameter collection must have a value, such as stripe:subscription");
            } else if (oddity(id) != null) {
                yaml.warn(
                        collection,
                        "the collection ID has " + oddity(id)
                                + "; it is compared as it stands: is it so in the ID that Sequin has?");
            } else if (id.contains("*") && !id.equals("*")) {
                yaml.warn(
                        collection,
                        "the collection ID " + id
                                + " is compared as it stands, '*' is no wildcard in it; only '*' alone"
                                + " stands for all collections without a route");
            }
        }
        new SinkCheck(yaml, sqlFiles).checkTemplates(parameters, false);
    }

    /** What an ID hardly has, but a file whose text was copied, or folded by YAML; or null. */
    private static String oddity(String id) {
        Matcher unseen = UNSEEN.matcher(id);
        if (unseen.find()) {
            return "a character that nobody sees, U+%04X"
                    .formatted(unseen.group().codePointAt(0));
        } else if (id.contains(",")) {
            return "a comma, and a route is for one collection: write a route for each";
        } else if (id.equals("~")) {
            return "nothing but ~, which is nothing in YAML";
        } else if (BLANKS.matcher(id).find()) {
            return "a blank around it, or beside its colon";
        }
        return id.matches(".*[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb].*") ? "typographic quotes" : null;
    }

    /** The name that is likely meant, or else what there is. */
    private static String hint(String misspelt, Collection<String> names, String otherwise) {
        String near = misspelt == null ? "" : Nearest.hint(misspelt, names);
        return near.isEmpty() ? otherwise : near;
    }
}
