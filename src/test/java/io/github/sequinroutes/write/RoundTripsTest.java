package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import io.github.sequinroutes.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** docs/promises.md 78: what a batch waits for when the database is far away. */
@Tag("postgres")
class RoundTripsTest {
    private static final String COLLECTION = "test:thing";
    private static final String UPSERT =
            "insert into things as t (id, v, deleted) values (:#id, :#updated_idx, :#deleted)"
                    + " on conflict (id) do update set v = excluded.v, deleted = excluded.deleted where t.v <= excluded.v";

    @TempDir
    private Path folder;

    private int batches;

    private interface Body {
        void run(TestDatabase database, TcpProxy network, UpsertSink sink) throws Exception;
    }

    private void withSink(String guard, String delete, Body body) throws Exception {
        withSink(guard, delete, Transactions::new, body);
    }

    private void withSink(String guard, String delete, Function<DataSource, Transactions> transactions, Body body)
            throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table things (id text primary key, v bigint, deleted bool)");
        Files.writeString(folder.resolve("t.upsert.sql"), UPSERT);
        Files.writeString(folder.resolve("t.delete.sql"), "delete from things where id = :#id and v <= :#updated_idx");
        try (TcpProxy network = new TcpProxy("localhost", database.port())) {
            // no pool: that asks now and then whether a connection is alive
            SingleConnectionDataSource one = new SingleConnectionDataSource(
                    database.url().replaceFirst("//[^/]+/", "//" + network.authority() + "/"), true);
            UpsertSink sink = TestSink.of(
                    one,
                    transactions.apply(one),
                    "consume",
                    COLLECTION,
                    folder.resolve("t.upsert.sql"),
                    delete == null ? null : folder.resolve(delete),
                    guard);
            body.run(database, network, sink);
            one.destroy();
        }
        database.drop();
    }

    private Group batch(int count) {
        batches++;
        List<Message> messages = IntStream.range(0, count)
                .mapToObj(i -> TestRecord.of(COLLECTION, "thing-" + i, batches, i % 2 == 1, "{}"))
                .map(json -> StoredMessages.read(
                        ("{\"record\": " + json + "}").getBytes(StandardCharsets.UTF_8),
                        SequinApi.of("consume").format()))
                .toList();
        return new Group(COLLECTION, messages, new Lease(60_000));
    }

    /** Of the batch after the driver and the server have met its statements some times. */
    private int roundTrips(TestDatabase database, TcpProxy network, UpsertSink sink, int count) throws Exception {
        for (int i = 0; i < 20; i++) {
            sink.write(batch(count));
        }
        int before = network.roundTrips();
        Group last = batch(count);
        sink.write(last);
        last.forEach(message -> assertEquals(Outcome.WRITTEN, message.outcome()));
        assertEquals(Integer.toString(batches), database.value("select max(v) from things"));
        return network.roundTrips() - before;
    }

    /** The driver does not wait for the answer to its BEGIN, which may come before the rest is sent. */
    private static void assertTakes(int expected, int roundTrips) {
        assertTrue(roundTrips == expected || roundTrips == expected + 1, Integer.toString(roundTrips));
    }

    @Test
    void aBatchTakesTwo() throws Exception {
        withSink("template", null, (database, network, sink) -> {
            assertTakes(2, roundTrips(database, network, sink, 100));
            assertTakes(2, roundTrips(database, network, sink, 1));
        });
    }

    @Test
    void theLedgerTakesOneMore() throws Exception {
        withSink("ledger", null, (database, network, sink) -> assertTakes(3, roundTrips(database, network, sink, 100)));
    }

    @Test
    void deletionsOfTheirOwnTemplateTakeOneMore() throws Exception {
        withSink("ledger", "t.delete.sql", (database, network, sink) -> {
            assertTakes(4, roundTrips(database, network, sink, 100));
            assertEquals("50", database.value("select count(*) from things"));
        });
    }

    /** The host's may have more to commit than the connection. */
    @Test
    void aCommitOfTheHostsTakesOneMore() throws Exception {
        withSink(
                "template",
                null,
                source -> new Transactions(source, new DataSourceTransactionManager(source)),
                (database, network, sink) -> assertTakes(3, roundTrips(database, network, sink, 100)));
    }

    /** It is gone with each transaction, and what the template says of its tables is not. */
    @Test
    void aTemporaryTableOfATriggerIsNotOneOfTheTemplate() throws Exception {
        withSink("template", "t.delete.sql", (database, network, sink) -> {
            database.execute("create function note() returns trigger language plpgsql as $$ begin"
                    + " create temp table if not exists notes (n int) on commit drop;"
                    + " insert into notes values (1); return null; end $$;"
                    + " create trigger note after delete on things for each statement execute function note()");
            // the ledger has one of them: a row that is deleted does not say how new it was
            assertTakes(4, roundTrips(database, network, sink, 100));
        });
    }

    /** Somebody may be about to detach it: that it is there, the catalogue tells. */
    @Test
    void aPartitionThatIsLockedHoldsUpNoOther() throws Exception {
        withSink("template", null, (database, network, sink) -> {
            database.execute("drop table things; create table things (id text primary key, v bigint, deleted bool)"
                    + " partition by range (id); create table used partition of things for values from ('a') to ('u');"
                    + " create table unused partition of things for values from ('u') to ('z');"
                    + " create table others (id text);"
                    + " create function nothing() returns trigger language plpgsql as $$ begin return new; end $$;"
                    + " create trigger nothing before insert on others for each row execute function nothing()");
            try (Connection other = database.connect();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table unused in access exclusive mode");
                Group group = batch(10);
                sink.write(group);
                group.forEach(message -> assertEquals(Outcome.WRITTEN, message.outcome()));
            }
        });
    }

    /** After that it is asked again, once, and then known. */
    @Test
    void aTableThatIsAlteredTakesMoreOnce() throws Exception {
        withSink("template", null, (database, network, sink) -> {
            assertTakes(2, roundTrips(database, network, sink, 100));
            database.execute("alter table things alter v type numeric");
            int before = network.roundTrips();
            sink.write(batch(100));
            assertTrue(network.roundTrips() - before > 3);
            assertTakes(2, roundTrips(database, network, sink, 100));
        });
    }
}
