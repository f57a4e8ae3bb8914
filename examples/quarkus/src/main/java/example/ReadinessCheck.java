package example;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck.Result;
import org.apache.camel.health.HealthCheckHelper;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** What Camel's checks say, the bundle's among them, at /q/health/ready. */
@Readiness
@Singleton
public class ReadinessCheck implements HealthCheck {
    @Inject
    CamelContext context;

    @Override
    public HealthCheckResponse call() {
        Collection<Result> results = HealthCheckHelper.invokeReadiness(context, "full");
        HealthCheckResponseBuilder response = HealthCheckResponse.named("camel")
                .status(results.stream().allMatch(result -> result.getState().name().equals("UP")));
        for (Result result : results) {
            response.withData(
                    result.getCheck().getId(),
                    result.getMessage().map(message -> result.getState() + ": " + message).orElse(result.getState().name()));
        }
        return response.build();
    }
}
