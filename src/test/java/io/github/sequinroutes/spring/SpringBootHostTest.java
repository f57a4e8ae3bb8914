package io.github.sequinroutes.spring;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestHost;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A Spring Boot application that has nothing but the keys. */
class SpringBootHostTest {
    @SpringBootConfiguration
    @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
    static class Host {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class HostWithDataSource {}

    @Configuration
    static class WithDataSource {
        static String url;

        @Bean(destroyMethod = "close")
        DataSource west() {
            HikariDataSource pool = new HikariDataSource();
            pool.setJdbcUrl(url);
            return pool;
        }
    }

    private static ConfigurableApplicationContext start(Map<String, Object> properties, Class<?>... sources) {
        // the tests have one, and no application of this JVM shall change it
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        return new SpringApplicationBuilder(sources)
                .web(WebApplicationType.NONE)
                .properties(properties)
                // not the configuration of the standalone process, in whose folder the tests run
                .run("--spring.config.name=none");
    }

    private static Map<String, Object> properties(String prefix, Map<String, String> keys) {
        Map<String, Object> properties = new LinkedHashMap<>(Map.of("spring.main.banner-mode", "off"));
        keys.forEach((key, value) -> properties.put(prefix + key, value));
        return properties;
    }

    @Test
    void withADatabaseOfTheBundlesOwn() throws Exception {
        try (TestHost host = new TestHost()) {
            TestDatabase database = host.database();
            SandboxConsumer consumer = host.consumer("orders", "c");
            Map<String, Object> properties = properties("sequin.", host.keys("orders"));
            properties.put("postgres.url", database.url());
            try (ConfigurableApplicationContext application = start(properties, Host.class)) {
                TestHost.assertDrained(consumer, database, 1);
                CamelContext context = application.getBean(CamelContext.class);
                await().until(() -> HealthCheckHelper.isResultsUp(HealthCheckHelper.invokeReadiness(context), true));
                host.closeServer();
                await().until(() -> HealthCheckHelper.invokeReadiness(context).stream()
                        .anyMatch(result -> result.getCheck().getId().equals("records")
                                && result.getState() == HealthCheck.State.DOWN
                                && result.getMessage().orElse("").contains("refused")));
                assertTrue(HealthCheckHelper.isResultsUp(HealthCheckHelper.invokeLiveness(context), false));
            }
        }
    }

    @Test
    void withTheOnlyDataSourceThatThereIs() throws Exception {
        try (TestHost host = new TestHost()) {
            TestDatabase database = host.database();
            SandboxConsumer consumer = host.consumer("orders", "c");
            Map<String, Object> properties = properties("sequin.", host.keys("orders"));
            properties.put("spring.datasource.url", database.url());
            try (ConfigurableApplicationContext application = start(properties, HostWithDataSource.class)) {
                assertTrue(application.isActive());
                TestHost.assertDrained(consumer, database, 1);
            }
        }
    }

    @Test
    void twoBundlesOneWithTheHostsDataSource() throws Exception {
        try (TestHost host = new TestHost()) {
            TestDatabase east = host.database();
            TestDatabase west = host.database();
            WithDataSource.url = west.url();
            SandboxConsumer first = host.consumer("first", "a");
            SandboxConsumer second = host.consumer("second", "b");
            Map<String, Object> properties = properties("sequin.east.", host.keys("first"));
            properties.putAll(properties("sequin.west.", host.keys("second")));
            properties.put("sequin.bundles", "east, west");
            properties.put("postgres.east.url", east.url());
            properties.put("sequin.west.data-source", "west");
            try (ConfigurableApplicationContext application = start(properties, Host.class, WithDataSource.class)) {
                assertTrue(application.isActive());
                TestHost.assertDrained(first, east, 1);
                TestHost.assertDrained(second, west, 1);
            }
        }
    }

    @Configuration
    static class WithManager {
        static final AtomicInteger COMMITTED = new AtomicInteger();

        @Bean
        PlatformTransactionManager books(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource) {
                @Override
                protected void doCommit(DefaultTransactionStatus status) {
                    super.doCommit(status);
                    COMMITTED.incrementAndGet();
                }
            };
        }
    }

    @Test
    void withTheHostsTransactionManagerAndATokenInAFile() throws Exception {
        try (TestHost host = new TestHost()) {
            TestDatabase database = host.database();
            SandboxConsumer consumer = host.consumer("orders", "c");
            Map<String, Object> properties = properties("sequin.", host.keys("orders"));
            Path token = Path.of(properties.get("sequin.routes").toString(), "token");
            Files.writeString(token, properties.remove("sequin.token").toString());
            properties.put("sequin.token-file", token.toString());
            properties.put("spring.datasource.url", database.url());
            properties.put("sequin.transaction-manager", "book");
            Throwable failure =
                    assertThrows(Throwable.class, () -> start(properties, HostWithDataSource.class, WithManager.class));
            assertTrue(
                    text(failure)
                            .contains("sequin.transaction-manager names no bean that is a PlatformTransactionManager:"
                                    + " book"),
                    text(failure));
            properties.put("sequin.transaction-manager", "books");
            try (ConfigurableApplicationContext application =
                    start(properties, HostWithDataSource.class, WithManager.class)) {
                assertTrue(application.isActive());
                TestHost.assertDrained(consumer, database, 1);
                assertTrue(WithManager.COMMITTED.get() > 0);
            }
        }
    }

    private static String text(Throwable failure) {
        StringBuilder text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause.getMessage());
        }
        return text.toString();
    }

    @Test
    void withoutKeysItDoesNothing() {
        try (ConfigurableApplicationContext host = start(Map.of("spring.main.banner-mode", "off"), Host.class)) {
            assertTrue(host.getBean(CamelContext.class).getRoutes().isEmpty());
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        Throwable failure = assertThrows(
                Throwable.class,
                () -> start(Map.of("sequin.url", "http://localhost:1", "sequin.routes", "routes"), Host.class));
        assertTrue(text(failure).contains("sequin.consumer is missing"), text(failure));
    }
}
