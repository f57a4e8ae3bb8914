package io.github.sequinroutes.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The driver's connections, for the pool, which need not know their isolation level: each transaction sets its own. A
 * pool that asks for it sets it for the session, which leaks behind a PgBouncer; and one whose first connection breaks
 * while it asks never works.
 */
final class DriverDataSource extends DriverManagerDataSource {
    private static final Logger LOG = LoggerFactory.getLogger(DriverDataSource.class);
    /** The URLs of which the log has said so: several pools have the same. */
    private static final Set<String> BEHIND_POOLERS = ConcurrentHashMap.newKeySet();

    /** Says at each attempt, in the JVM's own log, what the failure says as well; kept, or else it forgets its level. */
    private static final java.util.logging.Logger CHATTER =
            java.util.logging.Logger.getLogger("org.postgresql.ssl.PGjdbcHostnameVerifier");

    static {
        CHATTER.setLevel(Level.OFF);
    }

    private static final int LOGIN_SECONDS = 5;
    private static final int VALID_SECONDS = 2;

    private final Driver driver = new Driver();
    private final Supplier<String> password;
    private final boolean saysWhenToPrepare;

    /** Connections to that URL; what the URL says of a property counts more. The password is asked for at each. */
    DriverDataSource(String url, String user, Supplier<String> password, Map<String, String> properties) {
        this.password = password;
        Properties all = new Properties();
        all.putAll(properties);
        if (!user.isEmpty()) {
            all.setProperty("user", user);
        }
        saysWhenToPrepare = PGProperty.PREPARE_THRESHOLD.isPresent(Driver.parseURL(url, new Properties()));
        setUrl(url);
        setConnectionProperties(all);
    }

    /** So long the pool waits for a connection that is being made, when it is closed. */
    @Override
    public int getLoginTimeout() {
        return LOGIN_SECONDS;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // the driver's connectTimeout bounds it
    }

    @Override
    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
        String now = password.get();
        if (!now.isEmpty()) {
            properties.setProperty("password", now);
        }
        Connection connection = driver.connect(getUrl(), properties);
        if (!saysWhenToPrepare) {
            prepareNothingBehindPoolers(connection);
        }
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getTransactionIsolation")) {
                        return isolation(connection);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /**
     * A pooler hands each transaction to any of its connections, where a statement that was prepared on another one is not
     * known. Poolers answer with a process ID that they have made up, so they can be told.
     */
    private void prepareNothingBehindPoolers(Connection connection) throws SQLException {
        PGConnection own = connection.unwrap(PGConnection.class);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            if (row.getInt(1) != own.getBackendPID()) {
                own.setPrepareThreshold(0);
                if (BEHIND_POOLERS.add(getUrl())) {
                    LOG.info(
                            "The database is behind a connection pooler (postgres.url): no statement is prepared on the"
                                    + " server. If the pooler keeps prepared statements, add prepareThreshold=5 to the URL.");
                }
            }
        }
    }

    /** The pool asks for it once, after it has tried whether its first connection works; which it only logs. */
    private static int isolation(Connection connection) throws SQLException {
        if (!connection.isValid(VALID_SECONDS)) {
            throw new SQLException("The connection broke as it was made", "57P03"); // one of class 08 it would ignore
        }
        return Connection.TRANSACTION_READ_COMMITTED;
    }
}
