package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a host gives its bundles: a server, a folder with the shipped routes, and databases. */
public final class TestHost implements AutoCloseable {
    private static final String TOKEN = "token";

    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final TemporaryFolder folder = new TemporaryFolder("host");
    private final List<TestDatabase> databases = new ArrayList<>();

    /** Makes the server and the folder. */
    public TestHost() throws Exception {
        folder.copyRoutes("");
    }

    /** A new database. */
    public TestDatabase database() throws Exception {
        TestDatabase database = new TestDatabase();
        databases.add(database);
        return database;
    }

    /** A new consumer, to which customers with these IDs are offered. */
    public SandboxConsumer consumer(String name, String... customers) {
        SandboxConsumer consumer = server.consumer(name, Duration.ofSeconds(30), 10_000);
        offer(consumer, customers);
        return consumer;
    }

    /** Offers customers with these IDs. */
    public static void offer(SandboxConsumer consumer, String... customers) {
        for (String id : customers) {
            consumer.offerAsIs(TestRecord.of("stripe:customer", id, 1, "{}"));
        }
    }

    /** The keys of a bundle for a consumer, without their prefix. */
    public Map<String, String> keys(String consumer) {
        return Map.of(
                "url",
                server.url(),
                "consumer",
                consumer,
                "token",
                TOKEN,
                "wait-for",
                "1s",
                "routes",
                folder.path().toString());
    }

    /** Waits until a consumer's messages have been acked, and expects as many customers. */
    public static void assertDrained(SandboxConsumer consumer, TestDatabase database, int customers) throws Exception {
        await().atMost(Duration.ofSeconds(60)).until(() -> consumer.left() == 0);
        assertEquals(Integer.toString(customers), database.value("select count(*) from stripe.customers"));
    }

    /** Ends the server, as if Sequin were away. */
    public void closeServer() {
        server.close();
    }

    @Override
    public void close() throws IOException, SQLException {
        server.close();
        folder.close();
        for (TestDatabase database : databases) {
            database.drop();
        }
    }
}
