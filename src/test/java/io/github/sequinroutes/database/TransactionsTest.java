package io.github.sequinroutes.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.testkit.TcpProxy;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** docs/promises.md 43: after a failure the connection is as good as new, or thrown away. */
@Tag("long")
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

    /** A pool whose connections fail as they should commit, before or after they have done so. */
    private static DataSource failingToCommit(DataSource pool, Throwable failure, boolean commits) {
        return new DelegatingDataSource(pool) {
            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = super.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            boolean fails = method.getName().equals("commit");
                            if (!fails || commits) {
                                Object result = invoke(connection, method, arguments);
                                if (!fails) {
                                    return result;
                                }
                            }
                            throw failure;
                        });
            }
        };
    }

    private static Object invoke(Connection connection, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    @Test
    void aCommitThatFailsIsToldAndItsConnectionThrownAway() throws Exception {
        for (boolean commits : new boolean[] {false, true}) {
            for (Throwable failure : List.of(
                    new SQLException("it could not read what the server sent"), new AssertionError("it believed"))) {
                TestDatabase database = new TestDatabase();
                database.execute("create table t (id int)");
                try (HikariDataSource pool = new HikariDataSource()) {
                    pool.setJdbcUrl(database.url());
                    pool.setMaximumPoolSize(1);
                    AtomicLong first = new AtomicLong();
                    Transactions transactions = new Transactions(failingToCommit(pool, failure, commits));
                    Throwable told = assertThrows(
                            Throwable.class,
                            () -> transactions.commit(10_000, connection -> {
                                first.set(pid(connection));
                                execute(connection, "insert into t values (1)");
                            }));
                    assertSame(failure, told);
                    assertEquals(commits ? "1" : "0", database.value("select count(*) from t"));
                    AtomicLong second = new AtomicLong();
                    new Transactions(pool).commit(10_000, connection -> second.set(pid(connection)));
                    assertNotEquals(first.get(), second.get());
                }
                database.drop();
            }
        }
    }

    /** What the commit says counts, not that its connection cannot be rolled back then. */
    @Test
    void aConnectionLostDuringTheCommitIsToldByTheErrorOfTheCommit() throws Exception {
        TestDatabase database = new TestDatabase();
        try (TcpProxy network = new TcpProxy("localhost", database.port());
                HikariDataSource pool = new HikariDataSource();
                LogWatch log = new LogWatch("ommit exception")) {
            pool.setJdbcUrl(database.url().replace("localhost:" + database.port(), network.authority()));
            Transactions transactions = new Transactions(new DelegatingDataSource(pool) {
                @Override
                public Connection getConnection() throws SQLException {
                    Connection connection = super.getConnection();
                    return (Connection) Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("commit")) {
                                    network.cut();
                                }
                                return invoke(connection, method, arguments);
                            });
                }
            });
            SQLException told = assertThrows(
                    SQLException.class,
                    () -> transactions.commit(10_000, connection -> execute(connection, "create table t (id int)")));
            assertEquals("08006", told.getSQLState(), told::toString);
            assertEquals(List.of(), log.lines(""));
        }
        database.drop();
    }

    /** A manager of a host counts as it is used. */
    private static final class CountingManager extends DataSourceTransactionManager {
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger committed = new AtomicInteger();

        CountingManager(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            begun.incrementAndGet();
            super.doBegin(transaction, definition);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            super.doCommit(status);
            committed.incrementAndGet();
        }
    }

    @Test
    void aHostsManagerHasTheSameSettingsAndNoTransactionOfTheHostIsJoined() throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table t (setting text)");
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setMaximumPoolSize(2);
            pool.setConnectionInitSql("set timezone = 'Asia/Tokyo'; set synchronous_commit = off;"
                    + " set session characteristics as transaction isolation level serializable");
            CountingManager manager = new CountingManager(pool);
            Transactions transactions = new Transactions(pool, manager);
            new TransactionTemplate(manager).executeWithoutResult(outer -> {
                try {
                    transactions.commit(
                            10_000,
                            connection -> execute(
                                    connection,
                                    "insert into t select name || '=' || setting from pg_settings where name in ('TimeZone',"
                                            + " 'statement_timeout', 'lock_timeout', 'transaction_isolation',"
                                            + " 'synchronous_commit') order by name"));
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
                outer.setRollbackOnly();
            });
            assertEquals(
                    List.of(
                            "TimeZone=UTC",
                            "lock_timeout=8000",
                            "statement_timeout=10000",
                            "synchronous_commit=local",
                            "transaction_isolation=read committed"),
                    database.rows("select setting from t order by setting collate \"C\""));
            assertEquals(2, manager.begun.get());
            assertEquals(1, manager.committed.get());
            transactions.tryOut(10_000, connection -> execute(connection, "delete from t"));
            assertEquals("5", database.value("select count(*) from t"));
            assertEquals(3, manager.begun.get());
            assertEquals(1, manager.committed.get());
        }
        database.drop();
    }

    /** It would commit each statement by itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aManagerOfAnotherDataSourceIsRefused(boolean autoCommit) throws Exception {
        TestDatabase database = new TestDatabase();
        database.execute("create table t (id int)");
        try (HikariDataSource pool = new HikariDataSource();
                HikariDataSource other = new HikariDataSource()) {
            pool.setJdbcUrl(database.url());
            pool.setAutoCommit(autoCommit);
            other.setJdbcUrl(database.url());
            Transactions transactions = new Transactions(pool, new DataSourceTransactionManager(other));
            IllegalStateException refused = assertThrows(
                    IllegalStateException.class,
                    () -> transactions.commit(10_000, connection -> execute(connection, "insert into t values (1)")));
            assertTrue(refused.getMessage().contains("not that of the bundle's DataSource"), refused.getMessage());
            assertEquals("0", database.value("select count(*) from t"));
        }
        database.drop();
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
