package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.message.Group;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.Outcome;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** A record that lacks a value of a row that is not there becomes a dead letter, and holds up no other. */
@Tag("postgres")
class MissingValuesTest {
    private static final String COLLECTION = "public.t";

    @TempDir
    private Path folder;

    private static Message update(int id, int version, String body) {
        String json = """
                {"data": {"record": {"id": %d, "name": "new", "body": "%s"}, "changes": {}, "action": "update", "metadata":
                  {"table_schema": "public", "table_name": "t", "commit_lsn": %d, "commit_idx": 0, "record_pks": ["%d"]}}}""".formatted(id, body, version, id);
        return StoredMessages.read(
                json.getBytes(StandardCharsets.UTF_8), SequinApi.of("stream").format());
    }

    private UpsertSink sink(TestDatabase database, String guard) throws Exception {
        Files.writeString(folder.resolve("t.upsert.sql"), """
                insert into t as a (id, name, body) values (:#record.id, :#record.name, :#record.body)
                on conflict (id) do update set name = excluded.name, body = excluded.body""");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url() + "&reWriteBatchedInserts=true");
        return TestSink.of(source, "stream", COLLECTION, folder.resolve("t.upsert.sql"), null, guard);
    }

    private void assertWritten(String guard) throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table t (id int primary key, name text, body text not null check (body <> 'bad'));"
                + " insert into t select i, 'old', 'body' || i from generate_series(1, 400) i where i % 2 = 0");
        // more records at fault than would be tried for if each cost the batch an attempt
        List<Message> messages = IntStream.rangeClosed(1, 400)
                .mapToObj(i -> update(i, 7, i % 50 == 1 ? "bad" : i % 5 == 0 ? "whole" : "unchanged_toast"))
                .toList();
        Group group = new Group(COLLECTION, messages, new Lease(60_000));
        sink(database, guard).write(group);
        for (Message message : messages) {
            int id = Integer.parseInt(message.id());
            if (id % 2 == 0 || id % 5 == 0) {
                assertEquals(Outcome.WRITTEN, message.outcome(), message.id());
            } else if (id % 50 == 1) {
                assertEquals("23514", message.rejection().sqlState());
            } else {
                assertEquals("rejected", message.rejection().reason());
                assertEquals("02000", message.rejection().sqlState());
                assertTrue(
                        message.rejection()
                                .error()
                                .contains("lacks the value of body, which has not changed: backfill"),
                        message.rejection().error());
            }
        }
        assertEquals(
                List.of("240|160|80"),
                database.rows("select count(*), count(*) filter (where body = 'body' || id),"
                        + " count(*) filter (where body = 'whole') from t where name = 'new'"));
        database.drop();
    }

    @Tag("long")
    @Test
    void withTheTemplatesOwnGuard() throws Exception {
        assertWritten("template");
    }

    @Tag("long")
    @Test
    void withTheLedgerWhichKeepsNothingOfThem() throws Exception {
        assertWritten("ledger");
    }

    @Test
    void aVersionThatLacksAValueComesAfterTheOneThatHasIt() throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table t (id int primary key, name text, body text not null)");
        List<Message> messages = List.of(update(1, 7, "whole"), update(1, 8, "unchanged_toast"));
        sink(database, "ledger").write(new Group(COLLECTION, messages, new Lease(60_000)));
        assertEquals(List.of("1|new|whole"), database.rows("select * from t"));
        messages.forEach(message -> assertTrue(message.outcome().isDurable()));
        database.drop();
    }
}
