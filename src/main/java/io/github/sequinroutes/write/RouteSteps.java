package io.github.sequinroutes.write;

import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.KameletDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** The steps of a collection's route, as far as they matter to somebody who must leave no trace. */
final class RouteSteps {
    /** They work on messages alone, whatever expressions they have. */
    private static final Set<String> SAFE = Set.of(
            "choice",
            "doCatch",
            "doFinally",
            "doTry",
            "filter",
            "log",
            "marshal",
            "otherwise",
            "removeHeader",
            "removeHeaders",
            "removeProperty",
            "removeVariable",
            "setBody",
            "setHeader",
            "setHeaders",
            "setProperty",
            "setVariable",
            "setVariables",
            "split",
            "stop",
            "transform",
            "unmarshal",
            "validate",
            "when");

    private static final String SINK = "(kamelet:(//)?)?(postgres-upsert|dead-letter|drop)-sink\\b.*";

    private RouteSteps() {}

    /** The first step of a route that may do what cannot be rolled back, as it stands in YAML; null if none does. */
    static String unsafe(CamelContext context, String routeId) {
        RouteDefinition route =
                context.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(routeId);
        // the route of a template has one step, which writes
        return route == null || route.getRouteTemplateContext() != null ? null : unsafe(route.getOutputs());
    }

    private static String unsafe(List<ProcessorDefinition<?>> steps) {
        for (ProcessorDefinition<?> step : steps) {
            boolean isSink = uri(step).matches("(?s)" + SINK);
            if (!isSink && !SAFE.contains(step.getShortName())) {
                return step.getShortName();
            }
            String below = isSink ? null : unsafe(step.getOutputs());
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    private static String uri(ProcessorDefinition<?> step) {
        if (step instanceof ToDefinition to) {
            return to.getEndpointUri();
        }
        return step instanceof KameletDefinition kamelet ? kamelet.getName() : "";
    }
}
