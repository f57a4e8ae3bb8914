package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.DeadLetters;
import io.github.sequinroutes.deadletter.DeadLetters.DeadLetterBatch;
import io.github.sequinroutes.failure.DatabaseAwayException;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Batch;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Rejection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * What {@code kamelet:dead-letter-sink} does: makes dead letters of records. In a route of a bundle's collection the bundle
 * stores them, with those that it rejects itself; elsewhere they are stored at once, or it throws. Thread-safe.
 */
public final class DeadLetterSink extends SinkOfRecords {
    private static final long TIMEOUT_MILLIS = 30_000;
    /** The same as the bundle's own route has it. */
    private static final String INSERT = insert();

    private String consumer;
    private String error = "";
    private Transactions transactions;
    private Database database;

    /** What the Kamelet makes; its properties come one by one. */
    public DeadLetterSink() {}

    /** Under which consumer they are listed, outside the route of a collection. */
    public void setConsumer(String consumer) {
        this.consumer = consumer;
    }

    /** What is wrong with them, or nothing for the exception that the route has caught. */
    public void setError(String error) {
        this.error = error;
    }

    /** Finds the database. */
    public void init() {
        if (!isOfBundle()) {
            transactions = new Transactions(findDataSource());
            database = new Database(findDataSource(), true);
        }
    }

    /**
     * Makes dead letters of the records of a body, or of those of them that an upsert sink has just rejected.
     *
     * @throws DatabaseAwayException      if they cannot be stored
     * @throws RecordsNotWrittenException if that sink has failed with others that it did not reject
     */
    public void store(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (isOfBundle()) {
            Records records = Records.ofBundle(exchange);
            List<Message> pending = records.pending(this);
            reject(pending, caught);
            records.settle(pending);
            return;
        }
        List<Message> records = Records.of(exchange).messages();
        // what was caught stays with the exchange: it may be of other records
        if (caught instanceof RecordsNotWrittenException some && some.isOf(records)) {
            store(consumer, some.rejected());
            if (!some.areAllRejected()) {
                throw some;
            }
        } else {
            reject(records, caught instanceof RecordsNotWrittenException ? null : caught);
            store(consumer, records);
        }
    }

    private void reject(List<Message> records, Exception caught) {
        Rejection rejection = error.isEmpty() && caught != null
                ? new Rejection("rejected", Failures.sqlState(caught), Failures.describeInFull(caught))
                : new Rejection("rejected", null, error.isEmpty() ? "its route says so" : error);
        records.stream()
                .filter(message -> !message.outcome().isDurable() && message.rejection() == null)
                .forEach(message -> message.reject(rejection));
    }

    private void store(String owner, List<Message> messages) {
        try {
            database.prepare();
            DeadLetters deadLetters = new DeadLetters(owner);
            for (DeadLetterBatch batch : deadLetters.of(new Batch(messages, new Lease(TIMEOUT_MILLIS)))) {
                transactions.commit(TIMEOUT_MILLIS, connection -> insert(connection, batch));
                deadLetters.markStored(batch);
            }
        } catch (SQLException e) {
            throw new DatabaseAwayException(e);
        }
    }

    private static void insert(Connection connection, DeadLetterBatch batch) throws SQLException {
        List<SqlParameterSource> rows = new ArrayList<>();
        batch.forEach(row -> rows.add(new MapSqlParameterSource(row)));
        try {
            new NamedParameterJdbcTemplate(new SingleConnectionDataSource(connection, true))
                    .batchUpdate(INSERT, rows.toArray(SqlParameterSource[]::new));
        } catch (DataAccessException e) {
            throw e.getRootCause() instanceof SQLException failure ? failure : new SQLException(e);
        }
    }

    private static String insert() {
        try (InputStream in =
                DeadLetterSink.class.getResourceAsStream("/io/github/sequinroutes/routes/machine/dead-letter.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(":#", ":");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
