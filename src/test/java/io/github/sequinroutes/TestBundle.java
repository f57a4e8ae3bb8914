package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.cli.Standalone;
import io.github.sequinroutes.sandbox.SandboxConsumer;
import io.github.sequinroutes.sandbox.SandboxServer;
import io.github.sequinroutes.testkit.CollectionFile;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.awaitility.Awaitility;

/** The bundle as it runs in production, with the shipped routes, a sandbox server and a database of its own. */
public final class TestBundle implements AutoCloseable {
    /** The token that the server wants. */
    public static final String TOKEN = "s3cr+t/t0ken=";

    /** How long a test waits for what must come; long, because many tests share the machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("test.patience", 90));

    static {
        Awaitility.setDefaultTimeout(PATIENCE);
    }

    private final TestDatabase database;
    private final boolean ownsDatabase;
    private final SandboxServer server = new SandboxServer(0, TOKEN);
    private final SandboxConsumer consumer;
    private final TemporaryFolder folder = new TemporaryFolder("routes");
    private final Path routes = folder.copyRoutes("");
    private final Properties settings = new Properties();
    private final List<Standalone> processes = new ArrayList<>();
    private final List<TcpProxy> networks = new ArrayList<>();

    /** Makes everything ready; {@link #start} starts the routes. */
    public TestBundle() throws Exception {
        this(Duration.ofSeconds(30));
    }

    /** The same, with the consumer's lease. */
    public TestBundle(Duration ackWait) throws Exception {
        this(ackWait, new TestDatabase(), true);
    }

    /** The same, with a database that is there. */
    public TestBundle(Duration ackWait, TestDatabase database) throws Exception {
        this(ackWait, database, false);
    }

    private TestBundle(Duration ackWait, TestDatabase database, boolean ownsDatabase) throws Exception {
        this.database = database;
        this.ownsDatabase = ownsDatabase;
        consumer = server.consumer("test", ackWait, 10_000);
        set("sequin.url", server.url());
        set("sequin.consumer", "test");
        set("sequin.token", TOKEN);
        set("sequin.wait-for", "1s");
        set("sequin.ack-wait", ackWait.toMillis() + "ms");
        set("sequin.routes", routes.toString());
        set("postgres.url", database.url());
        set("camel.management.enabled", "false");
        // tests have templates that are no example to follow
        set("sequin.check", "log");
        nameContext();
    }

    /** Quartz knows its schedulers by this name, and several tests run at once. */
    private void nameContext() {
        set("camel.main.name", routes.getFileName() + "-" + processes.size());
    }

    /** Sets a key of the configuration. */
    public TestBundle set(String key, String value) {
        settings.setProperty(key, value);
        return this;
    }

    /** Adds a collection as a user would: a route file and a template. */
    public TestBundle collection(String id, String upsert) throws IOException {
        CollectionFile.write(routes, id, upsert);
        return this;
    }

    /** Puts a network that can fail between the database and what is started from now on. */
    public TcpProxy network() throws IOException {
        TcpProxy network = new TcpProxy("localhost", database.port());
        networks.add(network);
        set("postgres.url", database.url().replace("localhost:" + database.port(), network.authority()));
        return network;
    }

    /** Starts the routes; again, and there are as many processes on one consumer and one database. */
    public TestBundle start() throws Exception {
        nameContext();
        return start(settings());
    }

    /** The same, with a configuration that was read elsewhere. */
    public TestBundle start(Settings read) throws Exception {
        Standalone process = new Standalone(read, Mode.RUN);
        processes.add(process);
        process.start();
        return this;
    }

    /** The configuration, as a file would hold it. */
    public Properties properties() {
        return settings;
    }

    /** The configuration. */
    public Settings settings() {
        return new Settings(settings, variable -> null);
    }

    /** Offers messages in this order, each a record's JSON. */
    public TestBundle offer(String... records) {
        List.of(records).forEach(consumer::offerAsIs);
        return this;
    }

    /** Waits until every message has been acked. */
    public TestBundle awaitDrained() {
        await().atMost(PATIENCE).until(() -> consumer.left() == 0);
        return this;
    }

    /** The database. */
    public TestDatabase database() {
        return database;
    }

    /** The consumer. */
    public SandboxConsumer consumer() {
        return consumer;
    }

    /** The server. */
    public SandboxServer server() {
        return server;
    }

    /** The folder with the routes. */
    public Path routes() {
        return routes;
    }

    /** The running bundle, the first if there are several. */
    public Standalone standalone() {
        return processes.get(0);
    }

    /** What its health check says: whether records flow. */
    public HealthCheck.Result health() {
        return HealthCheckHelper.invokeReadiness(standalone().context(), "full").stream()
                .filter(result -> result.getCheck().getId().startsWith("records")) // the name of its bundle may follow
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the health check says that records flow. */
    public TestBundle awaitHealthy() {
        await().atMost(PATIENCE).until(() -> health().getState() == HealthCheck.State.UP);
        return this;
    }

    /** Waits until the health check says that they do not, with a message that has this in it. */
    public TestBundle awaitUnhealthy(String text) {
        await().atMost(PATIENCE).until(() -> {
            HealthCheck.Result health = health();
            return health.getState() == HealthCheck.State.DOWN
                    && health.getDetails().toString().contains(text);
        });
        return this;
    }

    /** The reason, SQLSTATE and record ID of each dead letter. */
    public List<String> deadLetters() throws Exception {
        return database.rows("select reason, sqlstate, record_id from sequin.dead_letters order by reason, record_id");
    }

    @Override
    public void close() throws IOException, SQLException {
        processes.forEach(Standalone::close);
        server.close();
        for (TcpProxy network : networks) {
            network.close();
        }
        folder.close();
        if (ownsDatabase) {
            database.drop();
        }
    }
}
