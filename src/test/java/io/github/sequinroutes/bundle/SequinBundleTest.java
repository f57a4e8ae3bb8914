package io.github.sequinroutes.bundle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestFolder;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A bundle in a host of which it knows nothing: any Camel context, any DataSource. */
@SuppressWarnings("try") // a context declares that it may throw anything as it is closed
class SequinBundleTest {
    private static final String TOKEN = "token";
    private static final String CUSTOMERS = "select count(*) from stripe.customers";
    private static final String DEAD_LETTERS = "select count(*) from sequin.dead_letters";

    private static HikariDataSource pool(TestDatabase database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0); // one that is being made as the pool closes would be left open
        return pool;
    }

    private static BundleOptions options(String name, SandboxServer server, String consumer, Path routes) {
        Map<String, String> given = Map.of(
                "url",
                server.url(),
                "consumer",
                consumer,
                "token",
                TOKEN,
                "wait-for",
                "1s",
                "routes",
                routes.toString());
        return BundleOptions.of(name, given::get);
    }

    private static String customer(String id) {
        return TestRecord.of("stripe:customer", id, 1, "{}");
    }

    private static void awaitDrained(SandboxConsumer consumer) {
        await().until(() -> consumer.left() == 0);
    }

    private static Set<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void inABareContext() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("bare");
                HikariDataSource pool = pool(database);
                CamelContext context = new DefaultCamelContext()) {
            SandboxConsumer consumer = server.consumer("orders", Duration.ofSeconds(30), 10_000);
            consumer.offerAsIs(customer("c"));
            new SequinBundle(options("sequin", server, "orders", folder.copyRoutes("")), pool).addTo(context);
            context.start();
            awaitDrained(consumer);
            assertEquals("1", database.value(CUSTOMERS));
        }
        database.drop();
    }

    /** Two consumers, two databases, and the same files. */
    @Test
    void twoInOneContextBesideAHostWithNamesOfItsOwn() throws Exception {
        TestDatabase east = new TestDatabase();
        TestDatabase west = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("two");
                HikariDataSource eastern = pool(east);
                HikariDataSource western = pool(west);
                CamelContext context = new DefaultCamelContext()) {
            Path routes = folder.copyRoutes("");
            SandboxConsumer first = server.consumer("first", Duration.ofSeconds(30), 10_000);
            SandboxConsumer second = server.consumer("second", Duration.ofSeconds(30), 10_000);
            for (String bean : new String[] {"database", "collections", "postgres", "health"}) {
                context.getRegistry().bind(bean, "of the host");
            }
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:stripe:customer").routeId("host").throwException(new IllegalStateException("no"));
                }
            });
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getRegistry().bind("meters", meters);
            context.start();
            SequinBundle bundle = new SequinBundle(options("east", server, "first", routes), eastern).addTo(context);
            new SequinBundle(options("west", server, "second", routes), western).addTo(context);
            first.offerAsIs(customer("a"));
            second.offerAsIs(customer("b"));
            second.offerAsIs(customer("c"));
            second.offerAsIs(TestRecord.of("no:route", "n", 1, "{}"));
            awaitDrained(first);
            awaitDrained(second);
            assertEquals("1", east.value(CUSTOMERS));
            assertEquals("2", west.value(CUSTOMERS));
            assertEquals("0", east.value("select count(*) from sequin.dead_letters"));
            assertEquals("1", west.value("select count(*) from sequin.dead_letters"));
            assertEquals("of the host", context.getRegistry().lookupByName("postgres"));

            int strategies = context.getLifecycleStrategies().size();
            bundle.remove();
            assertEquals(strategies - 1, context.getLifecycleStrategies().size());
            assertTrue(meters.find("sequin.messages")
                    .tag("bundle", "east")
                    .meters()
                    .isEmpty());
            assertFalse(meters.find("sequin.messages")
                    .tag("bundle", "west")
                    .meters()
                    .isEmpty());
            first.offerAsIs(customer("d"));
            second.offerAsIs(customer("e"));
            awaitDrained(second);
            assertEquals(1, first.left());
            assertEquals("1", east.value(CUSTOMERS));
            assertTrue(
                    context.getRoutes().stream().map(Route::getRouteId).noneMatch(id -> id.startsWith("east")),
                    context.getRoutes().toString());
            assertTrue(context.getRegistry().findByTypeWithName(Object.class).keySet().stream()
                    .noneMatch(name -> name.startsWith("east-")));
            await().until(() -> threads("east-").isEmpty());
        }
        east.drop();
        west.drop();
    }

    /** A host's transaction manager, which can be told to fail. */
    private static final class HostsManager extends DataSourceTransactionManager {
        private final AtomicInteger committed = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private volatile boolean fails;

        HostsManager(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            if (fails) {
                failed.incrementAndGet();
                throw new TransactionSystemException("no commit", new SQLException("no commit", "08006"));
            }
            super.doCommit(status);
            committed.incrementAndGet();
        }
    }

    @Test
    void throughAHostsTransactionManagerAndNothingIsAckedThatItDoesNotCommit() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("manager");
                HikariDataSource pool = pool(database);
                CamelContext context = new DefaultCamelContext()) {
            SandboxConsumer consumer = server.consumer("orders", Duration.ofSeconds(30), 10_000);
            HostsManager manager = new HostsManager(pool);
            new SequinBundle(options("sequin", server, "orders", folder.copyRoutes("")), pool)
                    .withTransactionManager(manager)
                    .addTo(context);
            context.start();
            consumer.offerAsIs(customer("a"));
            consumer.offerAsIs(TestRecord.of("no:route", "n", 1, "{}"));
            awaitDrained(consumer);
            assertEquals("1", database.value(CUSTOMERS));
            assertEquals("1", database.value(DEAD_LETTERS));

            // nothing asks the database meanwhile: what fails first is the batch
            int before = manager.committed.get();
            manager.fails = true;
            consumer.offerAsIs(customer("b"));
            consumer.offerAsIs(TestRecord.of("no:route", "o", 1, "{}"));
            await().until(() -> manager.failed.get() >= 3);
            assertEquals(2, consumer.left());
            assertEquals("1", database.value(CUSTOMERS));
            assertEquals("1", database.value(DEAD_LETTERS));
            assertEquals(before, manager.committed.get());

            manager.fails = false;
            awaitDrained(consumer);
            assertEquals("2", database.value(CUSTOMERS));
            assertEquals("2", database.value(DEAD_LETTERS));
            assertTrue(manager.committed.get() >= before + 2);
        }
        database.drop();
    }

    @Test
    void twoOfOneNameAreRefused() throws Exception {
        TestDatabase database = new TestDatabase();
        try (SandboxServer server = new SandboxServer(0, TOKEN);
                TestFolder folder = new TestFolder("same");
                HikariDataSource pool = pool(database);
                CamelContext context = new DefaultCamelContext()) {
            BundleOptions options = options("sequin", server, "orders", folder.copyRoutes(""));
            new SequinBundle(options, pool).addTo(context);
            assertTrue(assertThrows(IllegalStateException.class, () -> new SequinBundle(options, pool).addTo(context))
                    .getMessage()
                    .contains("sequin"));
        }
        database.drop();
    }

    @Test
    void everyWrongOptionIsNamed() {
        Map<String, String> given = Map.of("url", "ftp://x", "workers", "0");
        String problem = assertThrows(IllegalArgumentException.class, () -> BundleOptions.of("orders", given::get))
                .getMessage();
        assertTrue(problem.contains("sequin.orders.consumer is missing"), problem);
        assertTrue(problem.contains("sequin.orders.url must be a base URL"), problem);
        assertTrue(problem.contains("sequin.orders.workers must be a whole number"), problem);
    }
}
