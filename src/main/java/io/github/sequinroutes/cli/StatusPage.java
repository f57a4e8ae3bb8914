package io.github.sequinroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.observe.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.BlockingHandlerDecorator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.service.ServiceSupport;

/** Serves the status page, {@code /observe}, on the port of health and metrics, and what it shows, {@code /observe/status}. */
final class StatusPage extends MainListenerSupport {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    private static final long PERIOD_SECONDS = 10;
    private static final String PAGE = "/observe";
    private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";

    /** It loads what stands beside it, and nothing else; uPlot sets positions, which needs no inline style in the text. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Supplier<List<Bundle>> bundles;
    private final Supplier<String> token;

    /** For these bundles, once the routes are made; with what somebody must show who looks, empty if nothing. */
    StatusPage(Supplier<List<Bundle>> bundles, Supplier<String> token) {
        this.bundles = bundles;
        this.token = token;
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        ManagementHttpServer server = context.hasService(ManagementHttpServer.class);
        if (server == null) {
            return;
        }
        PortGuard guard = PortGuard.install(server, token);
        try {
            context.addService(new Installation(server, context, guard));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Adds it to the server, which is started before. */
    private final class Installation extends ServiceSupport {
        private final ManagementHttpServer server;
        private final CamelContext context;
        private final PortGuard guard;

        Installation(ManagementHttpServer server, CamelContext context, PortGuard guard) {
            this.server = server;
            this.context = context;
            this.guard = guard;
        }

        @Override
        protected void doStart() {
            VertxPlatformHttpRouter router = server.getRouter();
            // relative: a proxy may serve it below a path of its own
            redirect(router, "/", "observe");
            redirect(router, PAGE + "/", "../observe");
            serve(router, PAGE, "index.html", "text/html; charset=utf-8");
            serve(router, PAGE + "/page.css", "page.css", CSS);
            serve(router, PAGE + "/page.js", "page.js", JAVASCRIPT);
            serve(router, PAGE + "/uplot.css", "uplot/uplot.css", CSS);
            serve(router, PAGE + "/uplot.js", "uplot/uplot.js", JAVASCRIPT);
            // the first time it may wait for the database
            router.get(PAGE + "/status").handler(new BlockingHandlerDecorator(request -> report(request), false));
            guard.furnished(); // health and metrics were there before
            var unused = context.getExecutorServiceManager()
                    .newSingleThreadScheduledExecutor(this, "status-samples")
                    .scheduleWithFixedDelay(
                            () -> statuses().forEach(Status::sample), 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        }

        private void report(RoutingContext request) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("version", new Cli.Version().getVersion()[0]);
            report.put("running", context.getStatus().isStarted());
            report.put("now", System.currentTimeMillis() / 1_000);
            report.put("bundles", statuses().map(Status::report).toList());
            try {
                send(request, "application/json", Buffer.buffer(JSON.writeValueAsBytes(report)));
            } catch (JsonProcessingException e) {
                request.fail(e);
            }
        }
    }

    /** Those of bundles that are there: the port answers before that, and where health is switched off there are none. */
    private Stream<Status> statuses() {
        return bundles.get().stream().map(Bundle::status).filter(Objects::nonNull);
    }

    private static void redirect(VertxPlatformHttpRouter router, String path, String to) {
        // without its slash a path of Vert.x means both
        router.getWithRegex(path).handler(request -> {
            request.response().setStatusCode(302).putHeader("Location", to);
            request.end();
        });
    }

    private static void serve(VertxPlatformHttpRouter router, String path, String resource, String type) {
        Buffer content = Buffer.buffer(read("page/" + resource));
        router.getWithRegex(path.replace(".", "\\.")).handler(request -> send(request, type, content));
    }

    private static void send(RoutingContext request, String type, Buffer content) {
        request.response()
                .putHeader("Content-Type", type)
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("Cache-Control", "no-store");
        request.end(content);
    }

    private static byte[] read(String resource) {
        try (InputStream in = Objects.requireNonNull(StatusPage.class.getResourceAsStream(resource), resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
