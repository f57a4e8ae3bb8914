package io.github.sequinroutes.sandbox.replica;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.cli.Settings;
import io.github.sequinroutes.cli.Standalone;
import io.github.sequinroutes.sandbox.feed.RecordsFile;
import io.github.sequinroutes.sandbox.stream.SinkOptions;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import io.github.sequinroutes.sandbox.stream.StreamSink;
import io.github.sequinroutes.sandbox.stream.StreamSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A live database {@code shop}, a stand-in for the server of the Stream API that follows its changes, and the bundle that
 * writes them to a database {@code replica}. In the end both are compared.
 */
public final class StreamSandbox {
    private static final String SINK = "shop";
    private static final String TOKEN = "sandbox-token";
    private static final Path FOLDER = Path.of("src", "sandbox");
    private static final List<String> TABLES = List.of("customers", "order_lines", "articles", "payments");
    private static final int ROWS_BEFORE = 400;
    private static final int RESTARTS = 3;
    private static final int REPLAYED = 500;
    private static final int CALM_TRANSACTIONS = 60;
    private static final int CALM_MILLIS = 50;

    private final PrintStream out;
    private final int changes;
    private final int port;
    private final Path file;
    private final CountDownLatch forEver = new CountDownLatch(1);

    /**
     * A sandbox that does so many changes, and more while nobody looks.
     *
     * @param port the server's, 0 for any
     * @param file with changes of the user's own in place of others, which is followed; or null
     */
    public StreamSandbox(PrintStream out, int changes, int port, Path file) {
        this.out = out;
        this.changes = changes;
        this.port = port;
        this.file = file;
    }

    /**
     * Runs it.
     *
     * @param serverAlone whether the bundle is somebody else's: then the changes never end
     * @param exit whether to return when all is compared
     * @return whether source and replica are identical
     */
    public boolean run(boolean serverAlone, boolean exit) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setServerConfig("wal_level", "logical")
                        .setServerConfig("max_replication_slots", "4")
                        .setServerConfig("max_wal_senders", "4")
                        .start();
                StreamServer server = new StreamServer(port, TOKEN)) {
            String shop = database(postgres, "shop");
            String replica = database(postgres, "replica");
            StreamSink sink = server.sink(SINK, SinkOptions.defaults());
            try (Connection connection = DriverManager.getConnection(shop);
                    Connection target = DriverManager.getConnection(replica)) {
                ReplicaProof.prepare(target, postgres.getPort(), "shop");
                ShopLoad load = new ShopLoad(connection);
                load.fill(ROWS_BEFORE);
                try (StreamSource source = new StreamSource(server, shop)) {
                    boolean isFed = serverAlone && file != null;
                    for (String table : isFed ? List.<String>of() : TABLES) {
                        source.backfill(sink, "public", table);
                    }
                    out.printf(
                            "Source:          psql postgresql://postgres@localhost:%d/shop%n"
                                    + "Replica:         psql postgresql://postgres@localhost:%1$d/replica%n"
                                    + "Sequin stand-in: %s, sink %s, token %s, with a slot of the source%n%n",
                            postgres.getPort(), server.url(), SINK, TOKEN);
                    RecordsFile.follow(file, server.url(), server.feed(), out::println);
                    if (isFed) {
                        forEver.await();
                    } else if (serverAlone) {
                        changeForEver(load);
                    }
                    boolean isIdentical;
                    try (Standalone standalone = new Standalone(settings(server, replica), Mode.RUN)) {
                        standalone.start();
                        isIdentical = replicate(server, source, sink, load, target);
                        if (!exit) {
                            out.printf("%nThe changes go on, and the replica follows. Ctrl-C ends it.%n");
                            changeForEver(load);
                        }
                    }
                    return isIdentical;
                }
            }
        }
    }

    private static String database(EmbeddedPostgres postgres, String name) throws SQLException, IOException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        }
        String url = postgres.getJdbcUrl("postgres", name);
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(FOLDER.resolve("shop.sql")));
        }
        return url;
    }

    private static Settings settings(StreamServer server, String replica) {
        Properties given = new Properties();
        given.setProperty("sequin.api", "stream");
        given.setProperty("sequin.url", server.url());
        given.setProperty("sequin.consumer", SINK);
        given.setProperty("sequin.token", TOKEN);
        given.setProperty("sequin.routes", FOLDER.resolve("routes").toString());
        given.setProperty("postgres.url", replica);
        given.setProperty("camel.management.enabled", "false");
        return new Settings(given, variable -> null);
    }

    private void changeForEver(ShopLoad load) throws SQLException, InterruptedException {
        while (!forEver.await(100, TimeUnit.MILLISECONDS)) {
            load.transaction();
        }
    }

    private boolean replicate(
            StreamServer server, StreamSource source, StreamSink sink, ShopLoad load, Connection target)
            throws SQLException, InterruptedException {
        long begin = System.nanoTime();
        int again = 0;
        for (int restarts = 0; load.count() < changes; ) {
            load.transaction();
            if (load.count() * (RESTARTS + 1L) >= (restarts + 1L) * changes && restarts < RESTARTS) {
                restarts++;
                int back = server.restart(REPLAYED);
                again += back;
                out.printf(
                        "%7d of %d changes made; the server restarts replication: %d acked ones come again%n",
                        load.count(), changes, back);
            }
        }
        out.printf("%7d changes made%n", load.count());
        awaitReplica(source, sink);
        Map<ShopLoad.Kind, Integer> counts = load.counts();
        out.printf(
                "%nReplicated in %.1f s: %d rows that were there, %d inserts, %d updates, %d other keys and %d deletes.%n",
                (System.nanoTime() - begin) / 1e9,
                ROWS_BEFORE,
                counts.get(ShopLoad.Kind.INSERT),
                counts.get(ShopLoad.Kind.UPDATE),
                counts.get(ShopLoad.Kind.KEY),
                counts.get(ShopLoad.Kind.DELETE));
        out.printf("The server delivered %d messages, %d of them acked before.%n", sink.delivered(), again);
        changeCalmly(source, sink, load);
        return report(ReplicaProof.compare(target));
    }

    private void awaitReplica(StreamSource source, StreamSink sink) throws SQLException, InterruptedException {
        while (!source.catchUp(1000) || sink.left() > 0) {
            if (source.cause() != null) {
                throw source.cause();
            }
            TimeUnit.MILLISECONDS.sleep(200);
            out.printf("%7d messages to go%n", sink.left());
        }
    }

    /** What a live database does to its replica when nobody is in a hurry. */
    private void changeCalmly(StreamSource source, StreamSink sink, ShopLoad load)
            throws SQLException, InterruptedException {
        Lag lag = new Lag();
        sink.observeAcks(lag);
        for (int i = 0; i < CALM_TRANSACTIONS; i++) {
            load.transaction();
            TimeUnit.MILLISECONDS.sleep(CALM_MILLIS);
        }
        awaitReplica(source, sink);
        sink.observeAcks(acked -> {});
        out.printf(
                "Then %d transactions, one every %d ms: of their %d changes half were in the replica and acked %d ms after"
                        + " their commit, 99 of 100 after %d ms.%n%n",
                CALM_TRANSACTIONS, CALM_MILLIS, lag.count(), lag.percentile(0.5), lag.percentile(0.99));
    }

    private boolean report(List<ReplicaProof.Result> results) {
        out.printf("%-24s %9s %16s %17s%n", "Source and replica", "rows", "only in source", "only in replica");
        for (ReplicaProof.Result result : results) {
            out.printf(
                    "  %-22s %9d %16d %17d%n",
                    result.table(), result.rows(), result.onlyInSource(), result.onlyInReplica());
        }
        boolean isIdentical = results.stream().allMatch(ReplicaProof.Result::isIdentical);
        out.println(isIdentical ? "They are identical." : "They are NOT identical.");
        return isIdentical;
    }
}
