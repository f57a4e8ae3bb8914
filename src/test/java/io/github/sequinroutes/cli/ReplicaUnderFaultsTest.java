package io.github.sequinroutes.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.sandbox.stream.SinkOptions;
import io.github.sequinroutes.sandbox.stream.StreamServer;
import io.github.sequinroutes.sandbox.stream.StreamSink;
import io.github.sequinroutes.sandbox.stream.StreamSource;
import io.github.sequinroutes.testkit.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real changes of a real database, by a real slot and HTTP, through a running bundle. {@code -Dmodel.seed} chooses which. */
@Tag("postgres")
@Tag("long")
class ReplicaUnderFaultsTest {
    private static final long SEED = Long.getLong("model.seed", System.nanoTime() % 1_000_000);
    private static final int TRANSACTIONS = Integer.getInteger("model.transactions", 150);
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static PostgresServer postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = new PostgresServer(
                Map.of("wal_level", "logical", "max_replication_slots", "40", "max_wal_senders", "40"));
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
    }

    /** A source, its server, and a bundle that writes the replica. */
    private static final class World implements AutoCloseable {
        private final Replication replication;
        private final StreamServer server = new StreamServer(0, "token");
        private final Connection connection;
        private final StreamSource source;
        private final StreamSink sink;

        World(String tables, boolean softDeletes, boolean grouped, int workers) throws Exception {
            replication = new Replication(tables);
            List<String> arguments = new ArrayList<>(List.of("--table", "public.*", "--apply"));
            if (softDeletes) {
                arguments.add("--soft-deletes");
            }
            assertEquals(
                    0, replication.scaffold(arguments.toArray(String[]::new)).status());
            String database = "break" + COUNT.incrementAndGet();
            try (Connection admin = postgres.connect();
                    Statement statement = admin.createStatement()) {
                statement.execute("create database " + database);
            }
            connection = DriverManager.getConnection(postgres.url(database));
            execute(tables);
            source = new StreamSource(server, postgres.url(database));
            SinkOptions options = SinkOptions.defaults();
            sink = server.sink("sink", grouped ? options : options.ungrouped());
            replication
                    .bundle()
                    .set("sequin.url", server.url())
                    .set("sequin.consumer", "sink")
                    .set("sequin.token", "token")
                    .set("sequin.workers", Integer.toString(workers))
                    .set("sequin.wait-for", "500ms")
                    .set("sequin.dead-letters-per-second", "10000");
        }

        void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        List<String> rows(String query) throws SQLException {
            List<String> rows = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(query)) {
                while (row.next()) {
                    rows.add(row.getString(1));
                }
            }
            return rows;
        }

        void drain() throws Exception {
            source.catchUp(60_000);
            await().until(() -> sink.left() == 0);
        }

        @Override
        public void close() throws IOException, SQLException {
            replication.close();
            source.close();
            server.close();
            connection.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true, 1", "false, true, 3", "true, true, 3", "false, false, 1", "true, false, 1"})
    void randomChanges(boolean softDeletes, boolean grouped, int workers) throws Exception {
        String ddl = "create table f (id int primary key, name text, body text);"
                + " create table c (b text, a numeric, name text, body text, primary key (a, b));"
                + " create table d (id int primary key, name text, body text, doc jsonb);"
                + " alter table f replica identity full; alter table c replica identity full";
        String all = softDeletes ? " where not deleted" : "";
        Random random = new Random(SEED * 31 + workers);
        System.out.println("ReplicaUnderFaultsTest seed " + SEED);
        try (World world = new World(ddl, softDeletes, grouped, workers)) {
            world.execute(
                    "alter table d alter doc set storage external; alter table d alter body set storage external");
            for (String table : List.of("f", "c", "d")) {
                world.replication
                        .target()
                        .execute("alter table " + table + " add constraint no_bad check (name <> 'bad')");
            }
            world.replication.bundle().start();
            for (int i = 0; i < TRANSACTIONS; i++) {
                transaction(world, random);
                if (random.nextInt(12) == 0) {
                    world.source.catchUp(60_000);
                    world.server.restart(random.nextInt(40));
                }
                if (random.nextInt(25) == 0) {
                    world.source.catchUp(60_000);
                    world.source.backfill(
                            world.sink, "public", List.of("f", "c", "d").get(random.nextInt(3)));
                }
            }
            world.drain();
            for (String table : List.of("f", "c", "d")) {
                world.replication.target().execute("alter table " + table + " drop constraint no_bad");
            }
            for (int i = 0; i < 3; i++) {
                world.replication.run("replay", "--all");
            }
            for (String table : List.of("d", "f")) {
                world.source.backfill(world.sink, "public", table);
            }
            world.drain();
            world.replication.run("replay", "--all");
            System.out.println("dead letters, replayed: "
                    + world.replication.target().rows("select count(*), count(replayed_at) from sequin.dead_letters")
                    + ", delivered " + world.sink.delivered());
            String explained = world.replication
                    .target()
                    .value("select coalesce(string_agg(record_id, ','), '-1') from sequin.dead_letters"
                            + " where replayed_at is null and collection = 'public.d'");
            System.out.println("explained: " + explained);
            assertEquals(
                    List.of(),
                    world.replication
                            .target()
                            .rows(
                                    "select record_id from sequin.dead_letters where replayed_at is null and collection <> 'public.d'"));
            assertEquals(
                    world.rows("select concat_ws('|', id, name, md5(body)) from f order by id"),
                    world.replication
                            .target()
                            .rows("select concat_ws('|', id, name, md5(body)) from f" + all + " order by id"));
            assertEquals(
                    world.rows("select concat_ws('|', trim_scale(a), b, name, md5(body)) from c order by a, b"),
                    world.replication
                            .target()
                            .rows("select concat_ws('|', trim_scale(a), b, name, md5(body)) from c" + all
                                    + " order by a, b"));
            String but = "id not in (" + explained + ")";
            assertEquals(
                    world.rows("select concat_ws('|', id, name, md5(body), md5(doc::text)) from d where " + but
                            + " order by id"),
                    world.replication
                            .target()
                            .rows("select concat_ws('|', id, name, md5(body), md5(doc::text)) from d" + all
                                    + (softDeletes ? " and " : " where ") + but + " order by id"));
        }
    }

    private static void transaction(World world, Random random) throws SQLException {
        world.connection.setAutoCommit(false);
        int size = 1 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
            var savepoint = world.connection.setSavepoint();
            try {
                world.execute(statement(random));
                if (random.nextInt(6) == 0) {
                    world.connection.rollback(savepoint);
                } else if (random.nextBoolean()) {
                    world.connection.releaseSavepoint(savepoint);
                }
            } catch (SQLException e) {
                world.connection.rollback(savepoint);
            }
        }
        if (random.nextInt(10) == 0) {
            world.connection.rollback();
        } else {
            world.connection.commit();
        }
        world.connection.setAutoCommit(true);
    }

    private static String statement(Random random) {
        String table = List.of("f", "c", "d").get(random.nextInt(3));
        int id = random.nextInt(8);
        int to = random.nextInt(8);
        String name = random.nextInt(9) == 0 ? "'bad'" : "'n" + random.nextInt(1000) + "'";
        String large = "(select string_agg(md5(i::text || '" + random.nextInt() + "'), '') from generate_series(1, "
                + (random.nextInt(4) == 0 ? 1 : 120) + ") i)";
        String key = table.equals("c") ? "a = " + id / 2 + " and b = 'b" + id % 2 + "'" : "id = " + id;
        String keys = table.equals("c") ? "'b" + id % 2 + "', " + id / 2 + (random.nextBoolean() ? ".0" : "") : "" + id;
        return switch (random.nextInt(table.equals("d") ? 8 : 10)) {
            case 0, 1 ->
                "insert into " + table + " values (" + keys + ", " + name + ", " + large
                        + (table.equals("d") ? ", jsonb_build_object('x', " + large + ")" : "") + ")";
            case 2 -> "delete from " + table + " where " + key;
            case 3 -> "update " + table + " set body = " + large + ", name = " + name + " where " + key;
            case 4 -> "update " + table + " set body = null where " + key;
            case 5, 6 -> "update " + table + " set name = " + name + " where " + key;
            case 7 ->
                table.equals("d")
                        ? "update d set doc = jsonb_build_object('y', " + large + ") where " + key
                        : "update " + table + " set name = name where " + key;
            default ->
                table.equals("c")
                        ? "update c set a = " + to / 2 + ", b = 'b" + to % 2 + "' where " + key
                        : "update " + table + " set id = " + to + " where " + key;
        };
    }
}
