package io.github.sequinroutes.spring;

import io.github.sequinroutes.assembly.ConfiguredBundles;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.config.HostConfig;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;

/** The bundles of an application, as the keys of its environment ask for them. */
public class SpringBundles implements CamelContextConfiguration, DisposableBean {
    private final Environment environment;
    private final BeanFactory beans;
    private ConfiguredBundles bundles;

    SpringBundles(Environment environment, BeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void beforeApplicationStart(CamelContext context) {
        if (!environment.containsProperty(HostConfig.BUNDLES) && !environment.containsProperty("sequin.url")) {
            return;
        }
        bundles = new ConfiguredBundles(HostConfig.read(environment::getProperty), Mode.RUN);
        try {
            bundles.addTo(context, beans.getBeanProvider(DataSource.class).getIfUnique());
        } catch (Exception e) {
            throw new IllegalStateException("The bundles cannot be added: " + e.getMessage(), e);
        }
    }

    @Override
    public void afterApplicationStart(CamelContext context) {
        // it has started with the context
    }

    @Override
    public void destroy() {
        if (bundles != null) {
            bundles.close();
        }
    }
}
