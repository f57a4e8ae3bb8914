package io.github.sequinroutes.spring;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.bundle.BundleOptions;
import io.github.sequinroutes.bundle.SequinBundle;
import io.github.sequinroutes.config.PostgresPool;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;

/** The bundles of an application, each with the DataSource that is named for it, a pool of its own, or the only one. */
public class SpringBundles implements CamelContextConfiguration, DisposableBean {
    private final Environment environment;
    private final BeanFactory beans;
    private final List<HikariDataSource> pools = new ArrayList<>();

    SpringBundles(Environment environment, BeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        for (String name : names()) {
            String suffix = name.equals(BundleOptions.DEFAULT_NAME) ? "." : "." + name + ".";
            BundleOptions options = BundleOptions.of(name, key -> environment.getProperty("sequin" + suffix + key));
            try {
                bundle(options, suffix).addTo(context);
            } catch (Exception e) {
                throw new IllegalStateException("The bundle " + name + " cannot be added: " + e.getMessage(), e);
            }
        }
    }

    private List<String> names() {
        String several = environment.getProperty("sequin.bundles");
        if (several != null) {
            return List.of(several.strip().split("\\s*,\\s*"));
        }
        return environment.containsProperty("sequin.url") ? List.of(BundleOptions.DEFAULT_NAME) : List.of();
    }

    private SequinBundle bundle(BundleOptions options, String suffix) {
        String dataSource = environment.getProperty("sequin" + suffix + "data-source");
        String url = environment.getProperty("postgres" + suffix + "url");
        if (dataSource != null) {
            return new SequinBundle(options, beans.getBean(dataSource, DataSource.class));
        }
        DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (url == null && only != null) {
            return new SequinBundle(options, only);
        }
        if (url == null) {
            throw new IllegalArgumentException(
                    "sequin" + suffix + "data-source must name a DataSource, or postgres" + suffix + "url a database");
        }
        PostgresPool pool = new PostgresPool(
                url,
                environment.getProperty("postgres" + suffix + "user", ""),
                environment.getProperty("postgres" + suffix + "password", ""));
        HikariDataSource writing = pool.open(options.connections(), options.ackWaitMillis());
        HikariDataSource probing = pool.openForHealth();
        pools.add(writing);
        pools.add(probing);
        return new SequinBundle(options, writing, probing);
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        // it has started with the context
    }

    @Override
    public void destroy() {
        // not a method reference: without a pool of the bundle's own there need be no HikariCP
        for (HikariDataSource pool : pools) {
            pool.close();
        }
    }
}
