package io.github.sequinroutes.bundle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestHost;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
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
    private static final String CUSTOMERS = "select count(*) from stripe.customers";
    private static final String DEAD_LETTERS = "select count(*) from sequin.dead_letters";

    private static HikariDataSource pool(TestDatabase database) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(0); // one that is being made as the pool closes would be left open
        return pool;
    }

    private static BundleOptions options(String name, TestHost host, String consumer) {
        return BundleOptions.of(name, host.keys(consumer)::get);
    }

    private static Set<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void inABareContext() throws Exception {
        try (TestHost host = new TestHost()) {
            TestDatabase database = host.database();
            SandboxConsumer consumer = host.consumer("orders", "c");
            try (HikariDataSource pool = pool(database);
                    CamelContext context = new DefaultCamelContext()) {
                new SequinBundle(options("sequin", host, "orders"), pool).addTo(context);
                context.start();
                TestHost.assertDrained(consumer, database, 1);
            }
        }
    }

    /** Two consumers, two databases, and the same files. */
    @Test
    void twoInOneContextBesideAHostWithNamesOfItsOwn() throws Exception {
        try (TestHost host = new TestHost()) {
            twoInOneContext(host, host.database(), host.database());
        }
    }

    private static void twoInOneContext(TestHost host, TestDatabase east, TestDatabase west) throws Exception {
        SandboxConsumer first = host.consumer("first");
        SandboxConsumer second = host.consumer("second");
        try (HikariDataSource eastern = pool(east);
                HikariDataSource western = pool(west);
                CamelContext context = new DefaultCamelContext()) {
            for (String bean : new String[] {"database", "collections", "postgres", "health"}) {
                context.getRegistry().bind(bean, "of the host");
            }
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:stripe:customer")
                            .routeId("east-report")
                            .routeGroup("collection")
                            .throwException(new IllegalStateException("no"));
                }
            });
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            context.getRegistry().bind("meters", meters);
            context.start();
            SequinBundle bundle = new SequinBundle(options("east", host, "first"), eastern).addTo(context);
            new SequinBundle(options("west", host, "second"), western).addTo(context);
            TestHost.offer(first, "a");
            TestHost.offer(second, "b", "c");
            second.offerAsIs(TestRecord.of("no:route", "n", 1, "{}"));
            TestHost.assertDrained(first, east, 1);
            TestHost.assertDrained(second, west, 2);
            assertEquals("0", east.value(DEAD_LETTERS));
            assertEquals("1", west.value(DEAD_LETTERS));
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
            TestHost.offer(first, "d");
            TestHost.offer(second, "e");
            TestHost.assertDrained(second, west, 3);
            assertEquals(1, first.left());
            assertEquals("1", east.value(CUSTOMERS));
            assertTrue(
                    context.getRoutes().stream()
                            .map(Route::getRouteId)
                            .filter(id -> id.startsWith("east"))
                            .allMatch("east-report"::equals),
                    context.getRoutes().toString());
            assertNotNull(context.getRoute("east-report"), "the host's own");
            assertTrue(context.getRegistry().findByTypeWithName(Object.class).keySet().stream()
                    .noneMatch(name -> name.startsWith("east-")));
            await().until(() -> threads("east-").isEmpty());
        }
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
        try (TestHost host = new TestHost()) {
            TestDatabase database = host.database();
            SandboxConsumer consumer = host.consumer("orders", "a");
            consumer.offerAsIs(TestRecord.of("no:route", "n", 1, "{}"));
            try (HikariDataSource pool = pool(database);
                    CamelContext context = new DefaultCamelContext()) {
                HostsManager manager = new HostsManager(pool);
                new SequinBundle(options("sequin", host, "orders"), pool)
                        .withTransactionManager(manager)
                        .addTo(context);
                context.start();
                TestHost.assertDrained(consumer, database, 1);
                assertEquals("1", database.value(DEAD_LETTERS));

                // nothing asks the database meanwhile: what fails first is the batch
                int before = manager.committed.get();
                manager.fails = true;
                TestHost.offer(consumer, "b");
                consumer.offerAsIs(TestRecord.of("no:route", "o", 1, "{}"));
                await().until(() -> manager.failed.get() >= 3);
                assertEquals(2, consumer.left());
                assertEquals("1", database.value(CUSTOMERS));
                assertEquals("1", database.value(DEAD_LETTERS));
                assertEquals(before, manager.committed.get());

                manager.fails = false;
                TestHost.assertDrained(consumer, database, 2);
                assertEquals("2", database.value(DEAD_LETTERS));
                assertTrue(manager.committed.get() >= before + 2);
            }
        }
    }

    @Test
    void twoOfOneNameAreRefused() throws Exception {
        try (TestHost host = new TestHost();
                HikariDataSource pool = pool(host.database());
                CamelContext context = new DefaultCamelContext()) {
            BundleOptions options = options("sequin", host, "orders");
            new SequinBundle(options, pool).addTo(context);
            assertTrue(assertThrows(IllegalStateException.class, () -> new SequinBundle(options, pool).addTo(context))
                    .getMessage()
                    .contains("sequin"));
        }
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
