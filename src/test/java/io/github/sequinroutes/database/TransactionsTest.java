package io.github.sequinroutes.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
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

    private static String lockTimeout(String ofTheDatabase) throws Exception {
        TestDatabase database = new TestDatabase();
        String name = database.value("select quote_ident(current_database())");
        database.execute("alter database " + name + " set lock_timeout = '" + ofTheDatabase + "'");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            AtomicReference<String> seen = new AtomicReference<>();
            new Transactions(pool).commit(10_000, connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("show lock_timeout")) {
                    row.next();
                    seen.set(row.getString(1));
                }
            });
            return seen.get();
        }
    }

    /** Who waits for a lock is told from who is slow, whatever the database is set to. */
    @Test
    void aLockIsWaitedForLessLongThanAStatementMayTake() throws Exception {
        assertEquals("8s", lockTimeout("0"));
        assertEquals("8s", lockTimeout("5min"));
        assertEquals("300ms", lockTimeout("300ms"));
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

    /** docs/promises.md 51: any client may have the connection next. */
    @Test
    void noSettingOutlivesItsTransaction() throws Exception {
        String settings = "select string_agg(name || '=' || setting, ', ' order by name) from pg_settings"
                + " where source = 'session' and name not like 'transaction\\_%'";
        TestDatabase database = new TestDatabase();
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(1);
            pool.setConnectionInitSql(
                    "set timezone = 'Asia/Tokyo'; set synchronous_commit = off; set lock_timeout = '7s';"
                            + " set session characteristics as transaction isolation level serializable");
            String before = value(pool, settings);
            assertTrue(before.contains("TimeZone=Asia/Tokyo"), before);
            Transactions transactions = new Transactions(pool);
            transactions.commit(10_000, connection -> execute(connection, "create table t (id int)"));
            assertEquals(before, value(pool, settings));
            transactions.tryOut(10_000, connection -> execute(connection, "insert into t values (1)"));
            assertEquals(before, value(pool, settings));
        }
    }

    private static String value(DataSource dataSource, String query) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
