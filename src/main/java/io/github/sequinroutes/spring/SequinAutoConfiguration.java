package io.github.sequinroutes.spring;

import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Adds a bundle to the Camel context of a Spring Boot application, or several, as the keys {@code sequin.*} say; without
 * {@code sequin.url} and {@code sequin.bundles} none.
 */
@AutoConfiguration
@ConditionalOnClass(CamelContextConfiguration.class)
public class SequinAutoConfiguration {
    /** What Spring Boot makes; nobody else needs to. */
    public SequinAutoConfiguration() {}

    /** Adds the bundles before the context starts. */
    @Bean
    public SpringBundles sequinBundles(Environment environment, BeanFactory beans) {
        return new SpringBundles(environment, beans);
    }
}
