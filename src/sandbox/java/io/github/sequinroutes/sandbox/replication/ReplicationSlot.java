package io.github.sequinroutes.sandbox.replication;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows a database through a logical slot of its own, which it makes with a publication of all tables. The connection
 * is made again when it breaks; a transaction that comes again is left out. What the receiver throws, but for an
 * {@link UncheckedSqlException}, halts it for good, as one value that it cannot read halts the real server. The database must run with {@code wal_level=logical}.
 */
public final class ReplicationSlot implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationSlot.class);
    private static final String NAME = "sandbox";
    private static final long PAUSE_MILLIS = 5;

    private final String url;
    private final Consumer<Transaction> receiver;
    private final Thread thread = new Thread(this::run, "replication-slot");
    private long lastCommit;
    private volatile long position;
    private volatile RuntimeException cause;

    /**
     * Makes slot and publication where they are missing, and starts.
     *
     * @param url the JDBC URL of the database, with its user
     * @param receiver gets each transaction, in the order of their commits, in a thread of the slot's
     * @throws SQLException if the database is not to be reached, or does not do logical replication
     */
    public ReplicationSlot(String url, Consumer<Transaction> receiver) throws SQLException {
        this.url = url;
        this.receiver = receiver;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("do $$ begin if not exists (select from pg_publication where pubname = '" + NAME
                    + "') then create publication " + NAME + " for all tables"
                    + (connection.getMetaData().getDatabaseMajorVersion() < 13
                            ? ""
                            : " with (publish_via_partition_root = true)")
                    + "; end if; end $$");
            statement.execute("select pg_create_logical_replication_slot('" + slotName(connection)
                    + "', 'pgoutput') where not exists (select from pg_replication_slots where slot_name = '"
                    + slotName(connection) + "')");
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits until everything that was in the write-ahead log up to there has been received; false if that takes longer. */
    public boolean await(long lsn, long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (position < lsn && cause == null && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        return position >= lsn;
    }

    /** What halted it, or null. */
    public RuntimeException cause() {
        return cause;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A slot's name is the server's, not the database's. */
    private static String slotName(Connection connection) throws SQLException {
        return NAME + "_" + connection.getCatalog().replaceAll("[^a-z0-9_]", "_");
    }

    private void run() {
        try {
            while (cause == null) {
                try {
                    follow();
                } catch (SQLException e) {
                    LOG.debug("The slot's connection broke; it is made again.", e);
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void follow() throws SQLException, InterruptedException {
        Properties properties = new Properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "12");
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("set time zone 'UTC'");
            }
            try (PGReplicationStream stream = connection
                    .unwrap(PGConnection.class)
                    .getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(slotName(connection))
                    .withSlotOption("proto_version", "1")
                    .withSlotOption("publication_names", NAME)
                    .start()) {
                follow(stream);
            }
        }
    }

    private void follow(PGReplicationStream stream) throws SQLException, InterruptedException {
        PgOutputDecoder decoder = new PgOutputDecoder();
        long idle = 0;
        while (true) {
            ByteBuffer message = stream.readPending();
            if (message == null) {
                position = Math.max(position, stream.getLastReceiveLSN().asLong());
                if (++idle % 4 == 0) {
                    stream.forceUpdateStatus(); // the response says how far the server has read
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                continue;
            }
            idle = 0;
            try {
                receive(decoder.decode(message));
            } catch (UncheckedSqlException e) {
                throw e.getCause();
            } catch (RuntimeException e) {
                LOG.error(
                        "Replication halts for good, as the real server's does at such a change: {}. Start the sandbox again.",
                        e.getMessage());
                LOG.debug("The failure", e);
                cause = e;
                return;
            }
            stream.setFlushedLSN(stream.getLastReceiveLSN());
            stream.setAppliedLSN(stream.getLastReceiveLSN());
        }
    }

    private void receive(Transaction transaction) {
        if (transaction == null) {
            return;
        }
        if (transaction.commitLsn() > lastCommit) {
            receiver.accept(transaction);
            lastCommit = transaction.commitLsn();
        }
        position = Math.max(position, transaction.endLsn());
    }
}
