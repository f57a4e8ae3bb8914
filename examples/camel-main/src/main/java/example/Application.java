package example;

import io.github.sequinroutes.bundle.BundleOptions;
import io.github.sequinroutes.bundle.SequinBundle;
import javax.sql.DataSource;
import org.apache.camel.CamelConfiguration;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.spi.PropertiesComponent;

public class Application implements CamelConfiguration {
    public static void main(String[] args) throws Exception {
        new Main(Application.class).run(args);
    }

    @Override
    public void configure(CamelContext context) throws Exception {
        PropertiesComponent properties = context.getPropertiesComponent();
        BundleOptions options = BundleOptions.of(key -> properties.resolveProperty("sequin." + key).orElse(null));
        DataSource dataSource = context.getRegistry().findSingleByType(DataSource.class);
        new SequinBundle(options, dataSource).addTo(context);
    }
}
