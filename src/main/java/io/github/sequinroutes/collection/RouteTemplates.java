package io.github.sequinroutes.collection;

import java.util.List;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;

/** The route templates that a file can name. */
final class RouteTemplates {
    /** That of the bundle. */
    static final String COLLECTION = "collection";

    /** Its parameters that the bundle gives, and nobody else. */
    private static final Set<String> GIVEN = Set.of("bundle", "folder");

    private RouteTemplates() {}

    /** The IDs of all. */
    static List<String> ids(CamelContext context) {
        return definitions(context).stream().map(RouteTemplateDefinition::getId).toList();
    }

    /** The names of a template's parameters, or null if there is no such template. */
    static List<String> parameters(CamelContext context, String template) {
        List<RouteTemplateParameterDefinition> parameters = definitions(context, template);
        return parameters == null
                ? null
                : parameters.stream()
                        .map(RouteTemplateParameterDefinition::getName)
                        .toList();
    }

    /** The parameters that have no default. */
    static List<String> needed(CamelContext context, String template) {
        return definitions(context, template).stream()
                .filter(parameter -> parameter.isRequired() && parameter.getDefaultValue() == null)
                .map(RouteTemplateParameterDefinition::getName)
                .toList();
    }

    private static List<RouteTemplateParameterDefinition> definitions(CamelContext context, String template) {
        for (RouteTemplateDefinition definition : definitions(context)) {
            if (template.equals(definition.getId())) {
                List<RouteTemplateParameterDefinition> parameters = definition.getTemplateParameters();
                return parameters == null
                        ? List.of()
                        : parameters.stream()
                                .filter(parameter ->
                                        !template.equals(COLLECTION) || !GIVEN.contains(parameter.getName()))
                                .toList();
            }
        }
        return null;
    }

    private static List<RouteTemplateDefinition> definitions(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Model.class).getRouteTemplateDefinitions();
    }
}
