package io.github.sequinroutes.sandbox.stream;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.replication.ReplicationSlot;
import io.github.sequinroutes.sandbox.replication.UncheckedSqlException;
import io.github.sequinroutes.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The slot outlives its database's restarts, and whoever follows it. */
class SlotTest {
    private static final Map<String, String> LOGICAL = Map.of("wal_level", "logical");

    private static void execute(PostgresServer postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<List<String>> keys(StreamSource source, StreamSink sink) throws Exception {
        assertTrue(source.catchUp(30_000), String.valueOf(source.cause()));
        List<List<String>> keys = new ArrayList<>();
        for (StreamSink.Delivery delivery : sink.receive(1000, Duration.ZERO)) {
            keys.add(delivery.message().key());
            sink.ack(List.of(delivery.ackId()));
        }
        return keys;
    }

    @Tag("long")
    @Test
    void isFollowedAgainAfterTheDatabaseWasDown() throws Exception {
        try (PostgresServer postgres = new PostgresServer(LOGICAL);
                StreamServer server = new StreamServer(0, "token")) {
            execute(postgres, "create table t (id int primary key)");
            StreamSink sink = server.sink("sink", SinkOptions.defaults());
            try (StreamSource source = new StreamSource(server, postgres.url("postgres"))) {
                execute(postgres, "insert into t values (1)");
                assertEquals(List.of(List.of("1")), keys(source, sink));
                postgres.crash();
                postgres.start();
                execute(postgres, "insert into t values (2)");
                assertEquals(List.of(List.of("2")), keys(source, sink));
            }
            execute(postgres, "insert into t values (3)"); // while nobody follows
            try (StreamSource source = new StreamSource(server, postgres.url("postgres"))) {
                List<List<String>> keys = keys(source, sink);
                // what was not confirmed when the first was closed comes again
                assertEquals(List.of("3"), keys.get(keys.size() - 1));
            }
        }
    }

    @Tag("long")
    @Test
    void bringsATransactionAgainIfItsReceiverCouldNotReachTheDatabase() throws Exception {
        try (PostgresServer postgres = new PostgresServer(LOGICAL)) {
            execute(postgres, "create table t (id int primary key)");
            Queue<Integer> received = new ConcurrentLinkedQueue<>();
            AtomicBoolean isAway = new AtomicBoolean(true);
            try (ReplicationSlot slot = new ReplicationSlot(postgres.url("postgres"), transaction -> {
                if (isAway.getAndSet(false)) {
                    throw new UncheckedSqlException("away", new SQLException("away"));
                }
                received.add(transaction.changes().size());
            })) {
                execute(postgres, "insert into t values (1), (2)");
                execute(postgres, "insert into t values (3)");
                await().until(() -> received.size() == 2);
                assertEquals(List.of(2, 1), List.copyOf(received));
                assertNull(slot.cause());
            }
        }
    }
}
