package io.github.sequinroutes.sandbox.stream;

import io.github.sequinroutes.sandbox.replication.ReplicationSlot;
import io.github.sequinroutes.sandbox.replication.RowChange;
import io.github.sequinroutes.sandbox.replication.Transaction;
import io.github.sequinroutes.sandbox.value.Catalog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.replication.LogSequenceNumber;

/** Feeds the sinks of a server with the changes of a database: each sink gets those since it was added. */
public final class StreamSource implements AutoCloseable {
    private final StreamServer server;
    private final String url;
    private final String database;
    private final Catalog catalog;
    private final ReplicationSlot slot;
    private final Map<StreamSink, ChangeMessages> messages = new HashMap<>();

    /**
     * Follows a database from now on.
     *
     * @param url its JDBC URL, with its user; it must run with {@code wal_level=logical}
     * @throws SQLException if it is not to be reached, or does not do logical replication
     */
    public StreamSource(StreamServer server, String url) throws SQLException {
        this.server = server;
        this.url = url;
        catalog = new Catalog(url);
        try (Connection connection = DriverManager.getConnection(url)) {
            database = connection.getCatalog();
        }
        slot = new ReplicationSlot(url, this::offer);
    }

    /**
     * Has a sink deliver all rows that a table has now, as {@code read}.
     *
     * @return how many rows were read, those that changed meanwhile included
     */
    public int backfill(StreamSink sink, String schema, String table) throws SQLException, InterruptedException {
        return new Backfill(url, slot, catalog).run(sink, schema, table);
    }

    /** Waits until the sinks have everything that is committed now; false if that takes longer. */
    public boolean catchUp(long millis) throws SQLException, InterruptedException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            // a commit that does not wait for its log may not be in it yet: one that waits brings all before it along
            statement.execute("set synchronous_commit = on");
            statement.execute("select txid_current()");
            try (ResultSet row = statement.executeQuery("select pg_current_wal_lsn()")) {
                row.next();
                return slot.await(LogSequenceNumber.valueOf(row.getString(1)).asLong(), millis);
            }
        }
    }

    /** What halted the replication of the whole database, such as a value that the server cannot read, or null. */
    public RuntimeException cause() {
        return slot.cause();
    }

    @Override
    public void close() {
        slot.close();
    }

    private void offer(Transaction transaction) {
        // all of them first: if one cannot be made just now the whole transaction comes again
        Map<StreamSink, List<StreamMessage>> offers = new HashMap<>();
        for (StreamSink sink : server.sinks()) {
            ChangeMessages encoder =
                    messages.computeIfAbsent(sink, added -> new ChangeMessages(added, database, catalog));
            List<StreamMessage> offered = new ArrayList<>();
            for (RowChange change : transaction.changes()) {
                if (sink.delivers(change.relation().qualifiedName())) {
                    offered.add(encoder.of(transaction, change));
                }
            }
            offers.put(sink, offered);
        }
        offers.forEach(StreamSink::offer);
    }
}
