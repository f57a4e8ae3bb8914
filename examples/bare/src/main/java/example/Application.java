package example;

import io.github.sequinroutes.bundle.BundleOptions;
import io.github.sequinroutes.bundle.SequinBundle;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesComponent;
import org.postgresql.ds.PGSimpleDataSource;

public class Application {
    public static void main(String[] args) throws Exception {
        CamelContext context = new DefaultCamelContext();
        PropertiesComponent properties = context.getPropertiesComponent();
        properties.setLocation("file:application.properties");
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(properties.resolveProperty("postgres.url").orElseThrow());
        BundleOptions options = BundleOptions.of(key -> properties.resolveProperty("sequin." + key).orElse(null));
        new SequinBundle(options, dataSource).addTo(context);
        Runtime.getRuntime().addShutdownHook(new Thread(context::stop));
        context.start();
    }
}
