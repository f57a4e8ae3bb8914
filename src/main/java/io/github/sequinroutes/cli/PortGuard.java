package io.github.sequinroutes.cli;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationConfigEntry;
import org.apache.camel.component.platform.http.vertx.auth.AuthenticationConfig.AuthenticationHandlerFactory;

/**
 * Stands before everything on the port, from its first request on: nothing there takes more than a GET, or a HEAD, and what is more
 * than whether records flow is only for who has the token, if there is one. The port is open before there is anything on it: until
 * then the guard answers.
 */
final class PortGuard implements AuthenticationHandler {
    /** Given to the context of a request whose sender has not shown the token. */
    private static final String STRANGER = "sequin.stranger";

    private static final String CHALLENGE = "Basic realm=\"sequin-postgres-routes\", charset=\"UTF-8\"";

    private final Supplier<String> token;
    private final CamelContext camel;
    private final String health;
    private final int port;
    private volatile boolean isFurnished;

    private PortGuard(Supplier<String> token, CamelContext camel, String health, int port) {
        this.token = token;
        this.camel = camel;
        this.health = health;
        this.port = port;
    }

    /** Puts one before a server that has not started. */
    static PortGuard install(ManagementHttpServer server, Supplier<String> token) {
        String base = server.getPath().replaceFirst("/+$", "");
        PortGuard guard =
                new PortGuard(token, server.getCamelContext(), base + server.getHealthPath(), server.getPort());
        AuthenticationConfigEntry entry = new AuthenticationConfigEntry();
        entry.setPath("/*");
        entry.setAuthenticationProviderFactory(PortGuard::noProvider);
        entry.setAuthenticationHandlerFactory(new AuthenticationHandlerFactory() {
            @Override
            public <T extends AuthenticationProvider> AuthenticationHandler createAuthenticationHandler(T provider) {
                return guard;
            }
        });
        AuthenticationConfig config = server.getConfiguration().getAuthenticationConfig();
        config.getEntries().add(entry);
        config.setEnabled(true);
        return guard;
    }

    /** All that the port has is there from now on. */
    void furnished() {
        camel.hasServices(VertxPlatformHttpServer.class).stream()
                .filter(server -> server.getConfigurationPort() == port)
                .forEach(PortGuard::quiet);
        isFurnished = true;
    }

    /** A path that cannot be read fails before it comes here: with a stack trace, of which whoever reaches the port could fill the log. */
    private static void quiet(VertxPlatformHttpServer server) {
        if (server.getServer().requestHandler() instanceof Router router) {
            router.errorHandler(HttpURLConnection.HTTP_BAD_REQUEST, request -> {
                // the status, which it sends itself, is all there is to say
            });
        }
    }

    private static AuthenticationProvider noProvider(Vertx vertx) {
        return null;
    }

    /** Whether a request comes from somebody who has not shown the token, though there is one. */
    static boolean isFromStranger(RoutingContext context) {
        return context.get(STRANGER) != null;
    }

    @Override
    public void handle(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        HttpMethod method = context.request().method();
        if (method.equals(HttpMethod.HEAD)) {
            // what answers a GET answers it, and the server sends no body
            context.reroute(HttpMethod.GET, context.request().uri());
        } else if (!method.equals(HttpMethod.GET)) {
            context.response().setStatusCode(405).putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            context.end();
        } else if (isAllowed(context.request())) {
            pass(context);
        } else if (isHealth(context.normalizedPath())) {
            // who probes, such as Kubernetes, has no token
            context.put(STRANGER, true);
            pass(context);
        } else {
            context.response().setStatusCode(401).putHeader("WWW-Authenticate", CHALLENGE);
            context.end("A token is needed: as a bearer token, or as the password of any user.\n");
        }
    }

    private void pass(RoutingContext context) {
        if (isFurnished) {
            context.next();
        } else if (isHealth(context.normalizedPath())) {
            HealthEndpoint.rest(context, camel);
        } else {
            context.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, "1");
            context.end("The process is starting.\n");
        }
    }

    private boolean isHealth(String path) {
        return path.equals(health) || path.startsWith(health + "/");
    }

    private boolean isAllowed(HttpServerRequest request) {
        String wanted = token.get();
        return wanted.isEmpty() || isSame(wanted, shown(request.getHeader(HttpHeaders.AUTHORIZATION)));
    }

    /** Takes as long whatever is wrong with it. */
    private static boolean isSame(String wanted, String shown) {
        return MessageDigest.isEqual(wanted.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    /** The token of a header, which may be null; empty if it has none. */
    private static String shown(String header) {
        String[] parts = header == null ? new String[0] : header.split(" +", 2);
        if (parts.length == 2 && parts[0].equalsIgnoreCase("bearer")) {
            return parts[1].strip();
        } else if (parts.length == 2 && parts[0].equalsIgnoreCase("basic")) {
            return password(parts[1].strip());
        }
        return "";
    }

    private static String password(String base64) {
        try {
            String user = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return user.substring(user.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return ""; // not base64
        }
    }
}
