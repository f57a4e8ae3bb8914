package io.github.sequinroutes.durable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 43: after a failure the connection is as good as new, or thrown away. */
@Tag("postgres")
class TransactionsTest {
    private static long pid(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Writes a row and fails; returns whether the next transaction has the same connection. */
    private static void assertThrownAway(Throwable failure, boolean thrownAway) throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table t (id int)");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            Transactions transactions = new Transactions(pool);
            AtomicLong first = new AtomicLong();
            AtomicLong second = new AtomicLong();
            assertThrows(
                    Throwable.class,
                    () -> transactions.commit(10_000, connection -> {
                        first.set(pid(connection));
                        execute(connection, "insert into t values (1)");
                        if (failure == null) {
                            execute(connection, "insert into nowhere values (1)");
                        }
                        TransactionsTest.<RuntimeException>raise(failure);
                    }));
            transactions.commit(10_000, connection -> {
                second.set(pid(connection));
                execute(connection, "insert into t values (2)");
            });
            assertEquals("2", database.value("select id from t"));
            if (thrownAway) {
                assertNotEquals(first.get(), second.get());
            } else {
                assertEquals(first.get(), second.get());
            }
        }
    }

    @SuppressWarnings("unchecked") // what a driver throws is not always what it declares
    private static <E extends Throwable> void raise(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void afterAnErrorThatTheServerHasReportedItIsKept() throws Exception {
        assertThrownAway(null, false);
    }

    @Test
    void afterAFailureOfTheDriversOwnItIsThrownAway() throws Exception {
        assertThrownAway(new SQLException("it could not read what the server sent"), true);
        assertThrownAway(new IllegalArgumentException("it could not write a text"), true);
        assertThrownAway(new AssertionError("it believed something else"), true);
    }
}
