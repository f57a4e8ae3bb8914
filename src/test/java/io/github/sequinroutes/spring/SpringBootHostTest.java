package io.github.sequinroutes.spring;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestFolder;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckRegistry;
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
    private static final String TOKEN = "token";
    private static final String CUSTOMERS = "select count(*) from stripe.customers";

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

    private static Map<String, Object> properties(String prefix, SandboxServer server, String consumer, Path routes) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(prefix + "url", server.url());
        properties.put(prefix + "consumer", consumer);
        properties.put(prefix + "token", TOKEN);
        properties.put(prefix + "wait-for", "1s");
        properties.put(prefix + "routes", routes.toString());
        properties.put("spring.main.banner-mode", "off");
        return properties;
    }

    private static void awaitDrained(SandboxConsumer consumer) {
        await().atMost(Duration.ofSeconds(60)).until(() -> consumer.left() == 0);
    }

    @Test
    void withADatabaseOfTheBundlesOwn() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("boot")) {
            SandboxConsumer consumer = server.consumer("orders", Duration.ofSeconds(30), 10_000);
            consumer.offerAsIs(TestRecord.of("stripe:customer", "c", 1, "{}"));
            Map<String, Object> properties = properties("sequin.", server, "orders", folder.copyRoutes(""));
            properties.put("postgres.url", database.url());
            try (ConfigurableApplicationContext host = start(properties, Host.class)) {
                awaitDrained(consumer);
                assertEquals("1", database.value(CUSTOMERS));
                assertTrue(HealthCheckRegistry.get(host.getBean(CamelContext.class))
                        .getCheck("records")
                        .isPresent());
            }
        }
        database.drop();
    }

    @Test
    void withTheOnlyDataSourceThatThereIs() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("boot")) {
            SandboxConsumer consumer = server.consumer("orders", Duration.ofSeconds(30), 10_000);
            consumer.offerAsIs(TestRecord.of("stripe:customer", "c", 1, "{}"));
            Map<String, Object> properties = properties("sequin.", server, "orders", folder.copyRoutes(""));
            properties.put("spring.datasource.url", database.url());
            try (ConfigurableApplicationContext host = start(properties, HostWithDataSource.class)) {
                assertTrue(host.isActive());
                awaitDrained(consumer);
                assertEquals("1", database.value(CUSTOMERS));
            }
        }
        database.drop();
    }

    @Test
    void twoBundlesOneWithTheHostsDataSource() throws Exception {
        TestDatabase east = new TestDatabase();
        TestDatabase west = new TestDatabase();
        WithDataSource.url = west.url();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("boot")) {
            SandboxConsumer first = server.consumer("first", Duration.ofSeconds(30), 10_000);
            SandboxConsumer second = server.consumer("second", Duration.ofSeconds(30), 10_000);
            first.offerAsIs(TestRecord.of("stripe:customer", "a", 1, "{}"));
            second.offerAsIs(TestRecord.of("stripe:customer", "b", 1, "{}"));
            Path routes = folder.copyRoutes("");
            Map<String, Object> properties = properties("sequin.east.", server, "first", routes);
            properties.putAll(properties("sequin.west.", server, "second", routes));
            properties.put("sequin.bundles", "east, west");
            properties.put("postgres.east.url", east.url());
            properties.put("sequin.west.data-source", "west");
            try (ConfigurableApplicationContext host = start(properties, Host.class, WithDataSource.class)) {
                assertTrue(host.isActive());
                awaitDrained(first);
                awaitDrained(second);
                assertEquals("1", east.value(CUSTOMERS));
                assertEquals("1", west.value(CUSTOMERS));
            }
        }
        east.drop();
        west.drop();
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
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("boot")) {
            SandboxConsumer consumer = server.consumer("orders", Duration.ofSeconds(30), 10_000);
            consumer.offerAsIs(TestRecord.of("stripe:customer", "c", 1, "{}"));
            Map<String, Object> properties = properties("sequin.", server, "orders", folder.copyRoutes(""));
            properties.remove("sequin.token");
            Path token = Files.writeString(folder.path().resolve("token"), TOKEN);
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
            try (ConfigurableApplicationContext host = start(properties, HostWithDataSource.class, WithManager.class)) {
                assertTrue(host.isActive());
                awaitDrained(consumer);
                assertEquals("1", database.value(CUSTOMERS));
                assertTrue(WithManager.COMMITTED.get() > 0);
            }
        }
        database.drop();
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
