package io.github.sequinroutes.collection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.RouteTemplateContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.FromDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/**
 * Which route is for which collection. A collection ID can have any characters, and an endpoint's URI cannot: Camel
 * decodes percent signs, reads placeholders, and cuts what comes after {@code ?}. So an ID is never taken from an
 * endpoint, but as the user wrote it: from the parameter {@code collection}, or after {@code direct:}.
 */
public final class CollectionRoutes {
    /** The group of the routes that are for a collection, as the user writes it. */
    public static final String GROUP = "collection";

    /** The name of a bundle that is alone. */
    static final String DEFAULT_BUNDLE = "sequin";

    private static final String PARAMETER = "collection";
    /** What the only step of the bundle's own route template calls. */
    private static final String SINK_METHOD = "write";

    static final String DIRECT = "direct:";
    /** Between the name of the bundle and that of the collection: no other endpoint of the host has such a name. */
    private static final String INFIX = "-collection:";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([\\w.-]+)}}");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,99}");

    /** Asked for each group of messages; a route that is removed is forgotten. */
    private static final Map<Route, Known> KNOWN = Collections.synchronizedMap(new WeakHashMap<>());

    /** What is known of a route. */
    private record Known(String collection, boolean isPlain) {}

    private CollectionRoutes() {}

    /** The group of the routes that are for a collection of this bundle: none that a host's own route has by chance. */
    static String group(String bundle) {
        return bundle + "-" + GROUP;
    }

    /** Whether a route, as the user has written it, is for a collection, of which its file has these. */
    static boolean isOfCollection(CamelContext context, RouteDefinition definition, Set<String> collections) {
        String collection = collectionAt(context, definition.getInput().getEndpointUri());
        return GROUP.equals(definition.getGroup())
                || (definition.getGroup() == null && collection != null && collections.contains(collection));
    }

    /** The route of a collection's own, or null. */
    static Route find(CamelContext context, String group, String collection) {
        for (Route route : context.getRoutesByGroup(group)) {
            if (collection.equals(collectionOf(route))) {
                return route;
            }
        }
        return null;
    }

    /** The collection ID that a route is for, or null. */
    public static String collectionOf(Route route) {
        Known known = known(route);
        return known == null ? null : known.collection;
    }

    /** Whether a route does nothing but write its messages with the templates of its collection. */
    public static boolean isPlain(Route route) {
        Known known = known(route);
        return known != null && known.isPlain;
    }

    private static Known known(Route route) {
        return KNOWN.computeIfAbsent(route, any -> {
            CamelContext context = route.getCamelContext();
            // a route that was there when the context started does not keep its definition, but the model has it
            RouteDefinition definition = route.getRoute() instanceof RouteDefinition own
                    ? own
                    : context.getCamelContextExtension()
                            .getContextPlugin(Model.class)
                            .getRouteDefinition(route.getRouteId());
            return definition == null ? null : new Known(collectionOf(context, definition), isPlain(definition));
        });
    }

    private static boolean isPlain(RouteDefinition definition) {
        return definition.getRouteTemplateContext() != null
                && definition.getOutputs().size() == 1
                && definition.getOutputs().get(0) instanceof BeanDefinition bean
                && SINK_METHOD.equals(bean.getMethod());
    }

    /** The same, of a route that may not have been created yet. */
    static String collectionOf(CamelContext context, RouteDefinition definition) {
        RouteTemplateContext template = definition.getRouteTemplateContext();
        Object parameter = template == null ? null : template.getParameters().get(PARAMETER);
        if (definition.getInput() instanceof NamedInput input) {
            return input.collection;
        }
        return parameter == null
                ? collectionAt(context, definition.getInput().getEndpointUri())
                : resolved(context, parameter.toString());
    }

    /** The collection ID in the URI at which an ordinary route starts, as it is written there, or null. */
    static String collectionAt(CamelContext context, String uri) {
        if (uri == null || !uri.startsWith(DIRECT)) {
            return null;
        }
        String name = uri.substring(DIRECT.length());
        int options = name.indexOf('?');
        name = options < 0 ? name : name.substring(0, options);
        return resolved(context, name.startsWith("//") ? name.substring(2) : name);
    }

    /** The text with the placeholders of properties that there are; any other {@code {{x}}} is what the ID has. */
    static String resolved(CamelContext context, String text) {
        return text.contains("{{")
                ? PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(property(context, found)))
                : text;
    }

    private static String property(CamelContext context, MatchResult placeholder) {
        try {
            return context.getPropertiesComponent()
                    .resolveProperty(placeholder.group(1))
                    .orElse(placeholder.group());
        } catch (IllegalArgumentException e) {
            return placeholder.group();
        }
    }

    /** Lets a route of a collection start at an endpoint whose name needs no escaping, whatever the collection ID. */
    static void nameEndpoint(CamelContext context, String bundle, RouteDefinition definition) {
        String collection = collectionOf(context, definition);
        if (collection == null) {
            return;
        }
        RouteTemplateContext template = definition.getRouteTemplateContext();
        if (template != null && template.hasParameter(PARAMETER)) {
            definition.getTemplateParameters().put(PARAMETER, endpointName(bundle, collection));
        } else {
            NamedInput named = new NamedInput(definition.getInput(), bundle, collection);
            definition.setInput(null); // Camel takes a second input only where there is none
            definition.setInput(named);
            named.setParent(definition);
        }
    }

    /** The start of an ordinary route, with another name than the user gave it. */
    private static final class NamedInput extends FromDefinition {
        final String collection;

        NamedInput(FromDefinition given, String bundle, String collection) {
            this.collection = collection;
            String uri = given.getEndpointUri();
            setUri(DIRECT
                    + endpointName(bundle, collection)
                    + (uri.contains("?") ? uri.substring(uri.indexOf('?')) : ""));
            setId(given.getId());
            setLocation(given.getLocation());
            setLineNumber(given.getLineNumber());
        }
    }

    private static String endpointName(String bundle, String collection) {
        if (PLAIN.matcher(collection).matches()) {
            return bundle + INFIX + collection;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(collection.getBytes(StandardCharsets.UTF_8));
            // no plain ID has a '~', so that no ID can be made to meet another's name
            return bundle + INFIX + "~" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
