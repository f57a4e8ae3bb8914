package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.YamlText.WrongException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Checks a {@code templatedRoute}: Camel itself says nothing of a parameter that its template does not have, and speaks
 * of a missing file only when the route starts.
 */
final class TemplatedRouteCheck {
    private static final Set<String> ENTRIES = Set.of(
            "routeTemplateRef", "routeId", "prefixId", "group", "parameters", "beans", "id", "description", "note");
    private static final Set<String> PARAMETERS = Set.of("collection", "upsert", "delete", "guard");

    private final CamelContext context;
    private final YamlText yaml;
    private final SqlFiles sqlFiles;

    TemplatedRouteCheck(CamelContext context, YamlText yaml, SqlFiles sqlFiles) {
        this.context = context;
        this.yaml = yaml;
        this.sqlFiles = sqlFiles;
    }

    void check(Node route) throws WrongException {
        for (NodeTuple entry : yaml.entries(route, "a templatedRoute")) {
            String name = YamlText.text(entry.getKeyNode());
            if (name == null || !ENTRIES.contains(name)) {
                String hint = PARAMETERS.contains(name)
                        ? "; it is a parameter: write it under parameters as '- name: " + name + "' and 'value: ...'"
                        : hint(name, ENTRIES);
                throw yaml.wrong(entry.getKeyNode(), name + " is nothing that a templatedRoute can have" + hint);
            }
        }
        Node reference = YamlText.get(route, "routeTemplateRef");
        String template = YamlText.text(reference);
        if (template == null) {
            throw yaml.wrong(reference == null ? route : reference, "routeTemplateRef is missing, such as collection");
        }
        List<String> known = RouteTemplates.parameters(context, template);
        if (known == null) {
            throw yaml.wrong(
                    reference, "there is no route template " + template + hint(template, RouteTemplates.ids(context)));
        }
        Map<String, Node> parameters = parameters(route, template, known);
        for (String name : RouteTemplates.needed(context, template)) {
            if (!parameters.containsKey(name)) {
                throw yaml.wrong(route, "parameter " + name + " is missing");
            }
        }
        if (template.equals(RouteTemplates.COLLECTION)) {
            checkCollection(parameters);
        }
    }

    private Map<String, Node> parameters(Node route, String template, List<String> known) throws WrongException {
        Map<String, Node> parameters = new LinkedHashMap<>();
        Node list = YamlText.get(route, "parameters");
        if (list == null) {
            return parameters;
        }
        for (Node item : yaml.items(list, "parameters")) {
            for (NodeTuple entry : yaml.entries(item, "a parameter")) {
                String key = YamlText.text(entry.getKeyNode());
                if (!"name".equals(key) && !"value".equals(key)) {
                    String hint = PARAMETERS.contains(key)
                            ? ": write '- name: " + key + "' and 'value: ...'"
                            : hint(key, List.of("name", "value"));
                    throw yaml.wrong(entry.getKeyNode(), "a parameter has a name and a value, not " + key + hint);
                }
            }
            Node name = YamlText.get(item, "name");
            Node value = YamlText.get(item, "value");
            String text = YamlText.text(name);
            if (text == null) {
                throw yaml.wrong(name == null ? item : name, "a parameter must have a name");
            }
            if (!known.contains(text)) {
                throw yaml.wrong(name, "route template " + template + " has no parameter " + text + hint(text, known));
            }
            if (YamlText.text(value) == null) {
                throw yaml.wrong(value == null ? item : value, "parameter " + text + " must have a value");
            }
            if (parameters.put(text, value) != null) {
                throw yaml.wrong(name, "parameter " + text + " is given twice");
            }
        }
        return parameters;
    }

    private void checkCollection(Map<String, Node> parameters) throws WrongException {
        if (YamlText.text(parameters.get("collection")).isEmpty()) {
            throw yaml.wrong(parameters.get("collection"), "parameter collection must have a value");
        }
        new SinkCheck(yaml, sqlFiles).checkTemplates(parameters);
    }

    private static String hint(String misspelt, Collection<String> names) {
        return misspelt == null ? "" : DidYouMean.hint(misspelt, names);
    }
}
