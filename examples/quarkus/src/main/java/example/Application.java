package example;

import io.github.sequinroutes.bundle.BundleOptions;
import io.github.sequinroutes.bundle.SequinBundle;
import jakarta.enterprise.event.Observes;
import javax.sql.DataSource;
import org.apache.camel.quarkus.main.events.AfterConfigure;
import org.eclipse.microprofile.config.Config;

public class Application {
    void add(@Observes AfterConfigure event, Config config, DataSource dataSource) throws Exception {
        BundleOptions options =
                BundleOptions.of(key -> config.getOptionalValue("sequin." + key, String.class).orElse(null));
        new SequinBundle(options, dataSource).addTo(event.getCamelContext());
    }
}
