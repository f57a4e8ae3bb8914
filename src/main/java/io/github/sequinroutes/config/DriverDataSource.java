package io.github.sequinroutes.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The driver's connections, for the pool, which need not know their isolation level: each transaction sets its own. A
 * pool that asks for it sets it for the session, which leaks behind a PgBouncer; and one whose first connection breaks
 * while it asks never works.
 */
final class DriverDataSource extends DriverManagerDataSource {
    private static final int LOGIN_SECONDS = 5;
    private static final int VALID_SECONDS = 2;

    private final Driver driver = new Driver();
    private final Supplier<String> password;

    /** Connections to that URL; what the URL says of a property counts more. The password is asked for at each. */
    DriverDataSource(String url, String user, Supplier<String> password, Map<String, String> properties) {
        this.password = password;
        Properties all = new Properties();
        all.putAll(properties);
        if (!user.isEmpty()) {
            all.setProperty("user", user);
        }
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

    /** The pool asks for it once, after it has tried whether its first connection works; which it only logs. */
    private static int isolation(Connection connection) throws SQLException {
        if (!connection.isValid(VALID_SECONDS)) {
            throw new SQLException("The connection broke as it was made", "57P03"); // one of class 08 it would ignore
        }
        return Connection.TRANSACTION_READ_COMMITTED;
    }
}
