package io.github.sequinroutes.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.read.KeptMessages;
import io.github.sequinroutes.read.Message;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BisectionTest {
    private static final long NEVER = Long.MAX_VALUE / 2;

    private static List<Message> records(int count, IntPredicate isBad) {
        return IntStream.range(0, count)
                .mapToObj(i -> TestRecord.of("test:thing", (isBad.test(i) ? "bad" : "good") + i, 1, "{}"))
                .map(json -> KeptMessages.read(("{\"record\": " + json + "}").getBytes(StandardCharsets.UTF_8)))
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

    private static int insert(Connection connection, List<Message> records) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("insert into things values (?)")) {
            for (Message record : records) {
                statement.setString(1, record.id());
                statement.addBatch();
            }
            statement.executeBatch();
            return records.size();
        }
    }

    @Test
    void allButThoseAtFaultStayExecutedInTheirOrder() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        inTransaction((database, connection) -> {
            int rows = 0;
            for (int run = 0; run < 20; run++) {
                int bad = random.nextInt(30);
                List<Message> records = records(2 + random.nextInt(100), i -> random.nextInt(100) < bad);
                Bisection bisection = new Bisection(connection, some -> insert(connection, some), e -> true, NEVER);
                bisection.run(records);
                assertEquals(
                        ids(records).stream()
                                .filter(id -> id.startsWith("good"))
                                .toList(),
                        ids(bisection.executed()),
                        "seed " + seed);
                assertEquals(
                        ids(records).stream().filter(id -> id.startsWith("bad")).toList(),
                        bisection.rejected().stream()
                                .map(each -> each.record().id())
                                .toList(),
                        "seed " + seed);
                rows += bisection.executed().size();
            }
            connection.commit();
            assertEquals(Integer.toString(rows), database.value("select count(*) from things"), "seed " + seed);
        });
    }

    @Test
    void oneOfAThousandIsIsolatedInNoMoreThanTwentyStatements() throws Exception {
        inTransaction((database, connection) -> {
            for (int bad : new int[] {0, 1, 499, 500, 998, 999}) {
                int[] steps = new int[1];
                Bisection bisection = new Bisection(
                        connection,
                        some -> {
                            steps[0]++;
                            insert(connection, some);
                        },
                        e -> true,
                        NEVER);
                bisection.run(records(1000, i -> i == bad));
                assertEquals(999, bisection.executed().size());
                assertEquals(bad, bisection.rejected().get(0).executedBefore());
                assertTrue(steps[0] <= 20, steps[0] + " statements");
            }
        });
    }

    @Test
    void whatThereIsNoTimeForIsLeftAndTheRestStays() throws Exception {
        inTransaction((database, connection) -> {
            List<String> tried = new ArrayList<>();
            List<Message> records = records(8, i -> false);
            Bisection bisection = new Bisection(
                    connection,
                    some -> {
                        tried.addAll(ids(some));
                        insert(connection, some);
                        // the time is over once it has begun
                        for (long begin = System.nanoTime(); System.nanoTime() - begin < 200_000_000; ) {
                            Thread.onSpinWait();
                        }
                    },
                    e -> true,
                    System.nanoTime() + 200_000_000);
            bisection.run(records);
            connection.commit();
            assertEquals(ids(records.subList(0, 4)), tried);
            assertEquals(records.subList(0, 4), bisection.executed());
            assertEquals(records.subList(4, 8), bisection.untried());
            assertEquals("4", database.value("select count(*) from things"));
        });
    }

    @Test
    void whatIsNoRejectionEndsIt() throws Exception {
        inTransaction((database, connection) -> {
            Bisection bisection = new Bisection(
                    connection, some -> insert(connection, some), e -> !"23514".equals(e.getSQLState()), NEVER);
            assertEquals(
                    "23514",
                    assertThrows(SQLException.class, () -> bisection.run(records(4, i -> i == 2)))
                            .getSQLState());
        });
    }
}
