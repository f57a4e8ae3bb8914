package io.github.sequinroutes.collection;

import java.util.Collection;
import java.util.regex.Pattern;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** The steps of a route that are Kamelets of this project: what they are told by the bundle, and not by the user. */
final class SinkSteps {
    /** How the URI of a step begins that says what becomes of messages. */
    static final Pattern SINK =
            Pattern.compile("(kamelet:)?(//)?(postgres-upsert-sink|dead-letter-sink|drop-sink)\\b.*");

    private static final Pattern KAMELET =
            Pattern.compile("(kamelet:)?(//)?(postgres-upsert-sink|dead-letter-sink)(?:/([^?]*))?(?:\\?(.*))?");

    private final String bundle;
    private final String folder;
    private int steps;

    SinkSteps(String bundle, String folder) {
        this.bundle = bundle;
        this.folder = folder;
    }

    /** A text without what the bundle has added to the URIs in it, which is another each time. */
    static String asWritten(String text) {
        return text.replaceAll("(kamelet:(?://)?(?:postgres-upsert|dead-letter)-sink)/[^\\s,]*", "$1");
    }

    /**
     * Tells the steps of a route for which bundle they write, and where its files are. Each becomes a route of its own,
     * under a name of its own: the same step in a file that is loaded anew is another.
     */
    void complete(RouteDefinition route) {
        outputs(route, ToDefinition.class).forEach(to -> to.setUri(completed(to.getEndpointUri(), route)));
        outputs(route, KameletDefinition.class).forEach(step -> step.setName(completed(step.getName(), route)));
    }

    private static <T> Collection<T> outputs(RouteDefinition route, Class<T> type) {
        return ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), type);
    }

    private String completed(String uri, RouteDefinition route) {
        var kamelet = KAMELET.matcher(uri);
        if (!kamelet.matches()) {
            return uri;
        }
        steps++;
        String given = kamelet.group(5) == null ? "" : kamelet.group(5) + "&";
        return (kamelet.group(1) == null ? "" : kamelet.group(1))
                + kamelet.group(3) + "/" + route.getRouteId() + "-" + kamelet.group(3) + "-" + steps + "?" + given
                + "bundle=" + bundle
                + (kamelet.group(3).equals("postgres-upsert-sink") ? "&folder=RAW(" + folder + ")" : "");
    }
}
