package io.github.sequinroutes.collection;

import io.github.sequinroutes.template.Template;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.ModelLifecycleStrategy;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.TemplatedRouteDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Has Camel load the routes of one file, and remove them again. Used by one thread at a time. */
final class RouteLoader implements ModelLifecycleStrategy {
    private static final long MAX_DRAIN_SECONDS = 30;

    private final CamelContext context;
    private final Model model;
    private final String bundle;
    private final String folder;
    private final SinkSteps sinks;
    private final List<RouteDefinition> added = new ArrayList<>();
    private volatile Thread loading;
    private Map<String, Template> templates = Map.of();

    /** For the routes of a bundle whose files are in the folder with this URI. */
    RouteLoader(CamelContext context, String bundle, String folder) {
        this.context = context;
        this.bundle = bundle;
        this.folder = folder;
        sinks = new SinkSteps(bundle, folder);
        model = context.getCamelContextExtension().getContextPlugin(Model.class);
        model.addModelLifecycleStrategy(this);
    }

    /** Reads the routes of a file: what can be wrong with its YAML is found here. */
    Collection<RoutesBuilder> read(CollectionFile file) throws Exception {
        Collection<RoutesBuilder> builders =
                PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource(file));
        for (RoutesBuilder builder : builders) {
            if (builder instanceof RouteBuilder routes) {
                routes.configureRoutes(context);
                routes.getTemplatedRouteCollection().getTemplatedRoutes().forEach(this::complete);
                boolean handles = !routes.getRouteCollection().getOnExceptions().isEmpty();
                routes.getRouteCollection().getRoutes().forEach(route -> complete(route, file.collections(), handles));
            }
        }
        return builders;
    }

    private void complete(TemplatedRouteDefinition route) {
        route.setRouteId(idOf(route.getRouteId()));
        if (RouteTemplates.COLLECTION.equals(route.getRouteTemplateRef())) {
            route.parameter("bundle", bundle);
            route.parameter("folder", folder);
        }
    }

    private void complete(RouteDefinition route, Set<String> collections, boolean handlesExceptions) {
        route.setId(idOf(route.getId()));
        if (!CollectionRoutes.isOfCollection(context, route, collections)) {
            return;
        }
        route.setGroup(CollectionRoutes.GROUP);
        route.setStreamCache("false");
        if (!handlesExceptions && route.getErrorHandler() == null && route.getRouteConfigurationId() == null) {
            // what fails must reach the step that knows what it means, whatever the host does about failures of its own
            route.setErrorHandlerFactory(new NoErrorHandlerDefinition());
        }
    }

    /** The ID that a route gets in the context, where another bundle may have the same files. */
    String idOf(String id) {
        return id == null || bundle.equals(CollectionRoutes.DEFAULT_BUNDLE) ? id : bundle + "-" + id;
    }

    /** The group of the routes that are for a collection of this bundle. */
    String group() {
        return CollectionRoutes.group(bundle);
    }

    /** Adds and starts the routes of a file, and returns their IDs; either all of them or none. */
    Set<String> add(Collection<RoutesBuilder> builders, CollectionFile file) throws Exception {
        added.clear();
        templates = file.templates();
        loading = Thread.currentThread();
        boolean complete = false;
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configurations) {
                    context.addRoutesConfigurations(configurations);
                }
            }
            for (RoutesBuilder builder : builders) {
                context.addRoutes(builder);
            }
            for (RoutesBuilder builder : builders) {
                context.addTemplatedRoutes(builder);
            }
            complete = true;
            return ids();
        } finally {
            loading = null;
            templates = Map.of();
            if (!complete) {
                remove(ids());
                model.removeRouteDefinitions(added);
            }
        }
    }

    /**
     * The template at a URI as it was when the file that is being loaded was read, whatever is on disk by now; null if this
     * thread loads none that has it.
     */
    Template template(String uri) {
        return Thread.currentThread() == loading && uri.startsWith(folder + "/")
                ? templates.get(uri.substring(folder.length() + 1))
                : null;
    }

    private Set<String> ids() {
        Set<String> ids = new LinkedHashSet<>();
        added.forEach(definition -> ids.add(definition.getRouteId()));
        ids.remove(null);
        return ids;
    }

    /** Stops and removes routes once nothing is in flight in them. */
    void remove(Set<String> ids) throws Exception {
        for (String id : ids) {
            context.getRouteController().stopRoute(id, MAX_DRAIN_SECONDS, TimeUnit.SECONDS);
            context.removeRoute(id);
        }
    }

    /** Lets go of the context. */
    void close() {
        model.removeModelLifecycleStrategy(this);
    }

    /** Whether there is a route with this ID. */
    boolean has(String id) {
        return model.getRouteDefinition(id) != null;
    }

    /** What Camel finds wrong with a file, as {@code file:line:column: text}. */
    static String problem(CollectionFile file, Throwable failure) {
        YamlText yaml = new YamlText(file.location());
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException e
                    && e.getProblemMark().isPresent()) {
                return yaml.place(e.getProblemMark().get()) + ": " + YamlText.problem(e);
            }
            deepest = cause;
        }
        String place = file.routes().isEmpty()
                ? file.location() + ":1:1"
                : file.routes().get(0).place();
        String text = deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
        text = SinkSteps.asWritten(text);
        return place + ": " + text.replaceAll("\\s+", " ");
    }

    /** Camel takes a file with another dot in its name for one of another language. */
    private static Resource resource(CollectionFile file) {
        String name = file.name().substring(0, file.name().length() - CollectionFiles.ENDING.length());
        String folder = file.location()
                .substring(0, file.location().length() - file.name().length());
        return ResourceHelper.fromBytes(
                "file:" + folder + name.replace('.', '-') + CollectionFiles.ENDING,
                file.text().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void onAddRouteDefinition(RouteDefinition definition) {
        boolean isOwn = Thread.currentThread() == loading;
        boolean isKamelet = Boolean.TRUE.equals(definition.isKamelet());
        if (isOwn && !isKamelet) {
            if (CollectionRoutes.GROUP.equals(definition.getGroup())) {
                definition.setGroup(group());
            }
            sinks.complete(definition);
        }
        if (group().equals(definition.getGroup())) {
            CollectionRoutes.nameEndpoint(context, bundle, definition);
        }
        if (isOwn) {
            added.add(definition);
        }
    }

    @Override
    public void onRemoveRouteDefinition(RouteDefinition definition) {}

    @Override
    public void onAddRouteTemplateDefinition(RouteTemplateDefinition definition) {}

    @Override
    public void onRemoveRouteTemplateDefinition(RouteTemplateDefinition definition) {}
}
