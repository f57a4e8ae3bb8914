package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsolationStepsTest {
    private static List<Message> records(int count, IntPredicate isBad) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestRecord.of("test:thing", (isBad.test(i) ? "bad" : "good") + i, 1, "{}"))
                .map(json -> StoredMessages.read(
                        ("{\"record\": " + json + "}").getBytes(StandardCharsets.UTF_8),
                        SequinApi.of("consume").format()))
                .toList();
    }

    private static List<String> ids(List<Message> records) {
        return records.stream().map(Message::id).toList();
    }

    private interface Body {
        void run(TestDatabase database, Connection connection) throws SQLException;
    }

    private static void inTransaction(Body body) throws Exception {
        TestDatabase database = new TestDatabase();
        try (Connection connection = database.connect()) {
            database.execute("create table things (id text check (id not like 'bad%'))");
            connection.setAutoCommit(false);
            body.run(database, connection);
        }
    }

    private static List<Message> insert(Connection connection, List<Message> records) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into things values (?)")) {
            for (Message record : records) {
                statement.setString(1, record.id());
                statement.addBatch();
            }
            statement.executeBatch();
            return records;
        }
    }

    /** Takes any failure for a rejection, and counts. */
    private static class Rules implements Isolation.Rules {
        int attempts;
        int executed;

        @Override
        public long timeoutMillis(int records) {
            attempts++;
            return 10_000;
        }

        @Override
        public void executed(int records, long nanos) {
            executed += records;
        }

        @Override
        public Isolation.Reaction failed(int records, SQLException failure, long nanos) {
            return Isolation.Reaction.HALVE;
        }
    }

    private static Isolation isolation(Connection connection, Isolation.Rules rules) {
        return new Isolation(connection, (some, timeoutMillis) -> insert(connection, some), rules);
    }

    private static List<String> rejected(Isolation isolation) {
        return isolation.rejected().stream().map(each -> each.record().id()).toList();
    }

    private static List<String> idsOf(List<Message> records, String kind) {
        return ids(records).stream().filter(id -> id.startsWith(kind)).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allButThoseAtFaultStayExecutedInTheirOrder(boolean each) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        inTransaction((database, connection) -> {
            int rows = 0;
            for (int run = 0; run < 20; run++) {
                int bad = random.nextInt(30);
                List<Message> records = records(
                        2 + random.nextInt(100),
                        // one by one it gives up where the first five are bad
                        i -> !(each && i == 0) && random.nextInt(100) < bad);
                Rules rules = new Rules();
                Isolation isolation = isolation(connection, rules);
                isolation.run(records, each);
                assertEquals(idsOf(records, "good"), ids(isolation.executed()), "seed " + seed);
                assertEquals(idsOf(records, "bad"), rejected(isolation), "seed " + seed);
                assertEquals(isolation.executed().size(), rules.executed, "seed " + seed);
                rows += rules.executed;
            }
            connection.commit();
            assertEquals(Integer.toString(rows), database.value("select count(*) from things"), "seed " + seed);
        });
    }

    /** Refused at the commit, it would take all the others with it. */
    @Test
    void whatIsDeferredToTheCommitIsRejectedBeforeThat() throws Exception {
        inTransaction((database, connection) -> {
            database.execute("""
                    create table names (id text primary key);
                    insert into names select 'good' || i from generate_series(0, 9) i;
                    alter table things drop constraint things_id_check,
                      add foreign key (id) references names deferrable initially deferred""");
            List<Message> records = records(10, i -> i % 4 == 0);
            Isolation isolation = isolation(connection, new Rules());
            isolation.run(records, false);
            connection.commit();
            assertEquals(idsOf(records, "good"), ids(isolation.executed()));
            assertEquals(idsOf(records, "bad"), rejected(isolation));
        });
    }

    @Test
    void oneOfAThousandIsIsolatedInNoMoreThanTwentyAttempts() throws Exception {
        inTransaction((database, connection) -> {
            for (int bad : new int[] {0, 1, 499, 500, 998, 999}) {
                Rules rules = new Rules();
                Isolation isolation = isolation(connection, rules);
                isolation.run(records(1000, i -> i == bad), false);
                assertEquals(999, isolation.executed().size());
                assertEquals(bad, isolation.rejected().get(0).executedBefore());
                assertTrue(rules.attempts <= 20, rules.attempts + " attempts");
            }
        });
    }

    @Test
    void whereAllAreBadEachIsTriedOnce() throws Exception {
        inTransaction((database, connection) -> {
            Rules rules = new Rules();
            Isolation isolation = isolation(connection, rules);
            isolation.run(records(100, i -> true), false);
            assertEquals(100, isolation.rejected().size());
            assertTrue(rules.attempts <= 100 + 7, rules.attempts + " attempts");
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatThereIsNoTimeForIsLeftAndTheRestStays(boolean each) throws Exception {
        inTransaction((database, connection) -> {
            List<Message> records = records(8, i -> false);
            Isolation isolation = isolation(connection, new Rules() {
                @Override
                public long timeoutMillis(int records) {
                    return executed < 4 ? 1 : 0;
                }
            });
            isolation.run(records, each);
            connection.commit();
            assertEquals(records.subList(0, 4), isolation.executed());
            assertEquals(records.subList(4, 8), isolation.untried());
            assertEquals("4", database.value("select count(*) from things"));
        });
    }

    @Test
    void whenTheFirstOfThemAreAllRejectedTheOthersAreLeft() throws Exception {
        inTransaction((database, connection) -> {
            List<Message> records = records(8, i -> true);
            Isolation isolation = isolation(connection, new Rules());
            isolation.run(records, true);
            assertEquals(ids(records.subList(0, 5)), rejected(isolation));
            assertEquals(records.subList(5, 8), isolation.untried());
        });
    }

    @Test
    void whatIsNoRejectionEndsIt() throws Exception {
        inTransaction((database, connection) -> {
            Isolation isolation = isolation(connection, new Rules() {
                @Override
                public Isolation.Reaction failed(int records, SQLException failure, long nanos) {
                    return Isolation.Reaction.END;
                }
            });
            List<Message> records = records(4, i -> i == 2);
            assertEquals(
                    "23514",
                    assertThrows(SQLException.class, () -> isolation.run(records, false))
                            .getSQLState());
        });
    }
}
