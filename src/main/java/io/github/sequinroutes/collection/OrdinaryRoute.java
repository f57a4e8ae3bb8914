package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Nearest;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A {@code route} as it stands in a file: whether it is for a collection, and the steps that say what becomes of messages. */
final class OrdinaryRoute {
    private static final Logger LOG = LoggerFactory.getLogger(OrdinaryRoute.class);

    private final CamelContext context;
    private final Node route;
    private final List<Node> sinks = new ArrayList<>();
    private final List<Node> kamelets = new ArrayList<>();
    private boolean sends;

    OrdinaryRoute(CamelContext context, Node route) {
        this.context = context;
        this.route = route;
        YamlText.visit(route, node -> {
            for (String step : List.of("to", "kamelet")) {
                Node value = YamlText.get(node, step);
                String uri = value == null ? "" : uri(value);
                if (SinkSteps.SINK.matcher(uri).matches()) {
                    sinks.add(value);
                } else if (uri.startsWith("kamelet:") || isNearlyKamelet(uri)) {
                    kamelets.add(value);
                }
                sends |= uri.startsWith(CollectionRoutes.DIRECT);
            }
        });
    }

    private static boolean isNearlyKamelet(String uri) {
        String scheme = uri.contains(":") ? uri.substring(0, uri.indexOf(':')) : "";
        return !Nearest.hint(scheme, List.of("kamelet")).isEmpty();
    }

    /** The ID of the collection that it is for, or may be meant for, or null. */
    String collection() {
        String group = YamlText.text(YamlText.get(route, "group"));
        return group == null || group.equals(CollectionRoutes.GROUP)
                ? CollectionRoutes.collectionAt(context, input())
                : null;
    }

    /** Whether it has a group, which says what it is for. */
    boolean hasGroup() {
        return YamlText.get(route, "group") != null;
    }

    /** Whether it is for a collection, but does not begin where the messages come. */
    boolean isAstray() {
        return CollectionRoutes.GROUP.equals(YamlText.text(YamlText.get(route, "group"))) && collection() == null;
    }

    /** Where it begins, as it is written, or nothing. */
    private String input() {
        Node from = YamlText.get(route, "from");
        String uri = from == null ? "" : uri(from);
        String name = YamlText.text(YamlText.get(YamlText.get(from, "parameters"), "name"));
        return "direct".equals(uri) && name != null ? "direct:" + name : uri;
    }

    /** Whether it sends to another route, which may say of its messages what becomes of them. */
    boolean sends() {
        return sends;
    }

    /** The steps that are other Kamelets, or are meant to be. */
    List<Node> kamelets() {
        return kamelets;
    }

    /** The steps that are Kamelets of this project. */
    List<Node> sinks() {
        return sinks;
    }

    /** Its only step, if that writes the messages as they come; else null. */
    Node onlyStep() {
        Node steps = YamlText.get(YamlText.get(route, "from"), "steps");
        boolean isOnly = steps instanceof SequenceNode list && list.getValue().size() == 1 && sinks.size() == 1;
        if (!isOnly || !name(sinks.get(0)).equals("postgres-upsert-sink")) {
            return null;
        }
        Node step = ((SequenceNode) steps).getValue().get(0);
        boolean isStep =
                sinks.get(0).equals(YamlText.get(step, "to")) || sinks.get(0).equals(YamlText.get(step, "kamelet"));
        return isStep ? sinks.get(0) : null;
    }

    /** What a step is called, e.g. {@code postgres-upsert-sink}. */
    static String name(Node sink) {
        return SinkSteps.SINK.matcher(uri(sink)).replaceFirst("$3");
    }

    /** The parameters of a step, also those in its URI. */
    static Map<String, Node> parameters(Node sink) {
        Map<String, Node> parameters = new LinkedHashMap<>();
        String uri = uri(sink);
        try {
            Map<String, Object> query =
                    URISupport.parseQuery(uri.contains("?") ? uri.substring(uri.indexOf('?') + 1) : "");
            query.forEach((name, value) -> parameters.put(name, at(sink, value.toString())));
        } catch (URISyntaxException e) {
            LOG.debug("A URI that Camel will find wrong", e);
        }
        if (YamlText.get(sink, "parameters") instanceof MappingNode given) {
            given.getValue().forEach(entry -> parameters.put(YamlText.text(entry.getKeyNode()), entry.getValueNode()));
        }
        return parameters;
    }

    private static Node at(Node place, String value) {
        return new ScalarNode(Tag.STR, true, value, ScalarStyle.PLAIN, place.getStartMark(), place.getEndMark());
    }

    static String uri(Node step) {
        for (Node uri : new Node[] {step, YamlText.get(step, "uri"), YamlText.get(step, "name")}) {
            if (YamlText.text(uri) != null) {
                return YamlText.text(uri);
            }
        }
        return "";
    }
}
