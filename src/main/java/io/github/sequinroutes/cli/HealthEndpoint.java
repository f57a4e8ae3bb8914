package io.github.sequinroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.BlockingHandlerDecorator;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Serves health where Camel does, in Camel's form: Camel 4.18 escapes each message before it writes it as JSON, which
 * escapes it again, so that whoever reads it meets backslashes that nobody wrote.
 */
final class HealthEndpoint extends MainListenerSupport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private interface HealthChecks {
        Collection<HealthCheck.Result> results(String level);
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
        if (server == null || !server.isHealthCheckEnabled()) {
            return;
        }
        server.setHealthCheckEnabled(false); // Camel's own
        try {
            context.addService(new Installation(server, context));
            context.addStartupListener(new StartupListener() {
                @Override
                public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {
                    // it has more to do before it is started
                }

                @Override
                public void onCamelContextFullyStarted(CamelContext started, boolean alreadyStarted) {
                    FirstAnswer.ask(server.getHost(), server.getPort(), server.getHealthPath());
                }
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds it to the server, which is started before. */
    private static final class Installation extends ServiceSupport {
        private final ManagementHttpServer server;
        private final CamelContext context;

        Installation(ManagementHttpServer server, CamelContext context) {
            this.server = server;
            this.context = context;
        }

        @Override
        protected void doStart() {
            install(server, context);
        }
    }

    private static void install(ManagementHttpServer server, CamelContext context) {
        String path = server.getHealthPath();
        VertxPlatformHttpRouter router = server.getRouter();
        serve(router, path, false, level -> HealthCheckHelper.invoke(context, level), context);
        serve(router, path + "/live", false, level -> HealthCheckHelper.invokeLiveness(context, level), context);
        serve(router, path + "/ready", true, level -> HealthCheckHelper.invokeReadiness(context, level), context);
        context.getComponent("platform-http", PlatformHttpComponent.class)
                .addHttpManagementEndpoint(path, "GET", null, "application/json", null);
    }

    private static void serve(
            VertxPlatformHttpRouter router, String path, boolean readiness, HealthChecks checks, CamelContext context) {
        // a check that somebody else has added may be slow, and must not delay the next request
        router.get(path)
                .produces("application/json")
                .handler(new BlockingHandlerDecorator(
                        request -> {
                            if (context.getStatus().isStarted()) {
                                respond(request, readiness, checks, context);
                            } else {
                                rest(request, context);
                            }
                        },
                        false));
    }

    /** Answers while the routes do not run: that it lives, or that it is not ready. */
    static void rest(RoutingContext request, CamelContext context) {
        boolean lives = request.normalizedPath().endsWith("/live");
        send(request, lives, lives ? Map.of("status", "UP") : resting(context));
    }

    private static void respond(RoutingContext request, boolean readiness, HealthChecks checks, CamelContext context) {
        boolean stranger = PortGuard.isFromStranger(request); // an error may quote a record's value
        String level = stranger
                ? "oneline"
                : Objects.requireNonNullElse(
                        request.request().getParam("exposureLevel"),
                        HealthCheckRegistry.get(context).getExposureLevel());
        boolean details = !stranger && "true".equals(request.request().getParam("data"));
        Collection<HealthCheck.Result> results = checks.results("full"); // of any other Camel leaves out what is up
        boolean up = HealthCheckHelper.isResultsUp(results, readiness);
        send(request, up, body(results, up, level, details));
    }

    private static void send(RoutingContext request, boolean up, Map<String, Object> body) {
        try {
            request.response()
                    .setStatusCode(up ? 200 : 503)
                    .putHeader("content-type", "application/json")
                    .putHeader("cache-control", "no-store");
            request.end(JSON.writeValueAsString(body) + "\n");
        } catch (JsonProcessingException e) {
            request.fail(e);
        }
    }

    private static Map<String, Object> resting(CamelContext context) {
        boolean isEnding =
                context.getStatus().isStopping() || context.getStatus().isStopped();
        String message = isEnding ? "the routes are being stopped" : "the routes are starting";
        return Map.of(
                "status", "DOWN", "checks", List.of(Map.of("name", "records", "status", "DOWN", "message", message)));
    }

    private static Map<String, Object> body(
            Collection<HealthCheck.Result> results, boolean up, String level, boolean details) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("status", up ? "UP" : "DOWN");
        List<Map<String, Object>> checks = results.stream()
                .filter(result -> "full".equals(level)
                        || result.getState() == HealthCheck.State.DOWN
                        || result.getMessage().isPresent()) // up, and yet to be told
                .map(result -> check(result, details))
                .toList();
        if (!"oneline".equals(level) && !checks.isEmpty()) {
            body.put("checks", checks);
        }
        return body;
    }

    private static Map<String, Object> check(HealthCheck.Result result, boolean details) {
        Map<String, Object> check = new LinkedHashMap<>();
        check.put("name", result.getCheck().getId());
        check.put("status", result.getState().name());
        result.getMessage().ifPresent(message -> check.put("message", message));
        if (details && !result.getDetails().isEmpty()) {
            Map<String, String> data = new TreeMap<>();
            result.getDetails().forEach((key, value) -> data.put(key, String.valueOf(value)));
            check.put("data", data);
        }
        return check;
    }
}
