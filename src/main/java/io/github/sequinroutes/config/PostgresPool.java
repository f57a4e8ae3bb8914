package io.github.sequinroutes.config;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The pools of those who have none of their own: one for the bundle, one for its health.
 *
 * @param url      JDBC URL
 * @param user     the role, or empty if the URL says it
 * @param password its password as it is now, or empty
 */
public record PostgresPool(String url, String user, Supplier<String> password) {
    /**
     * A pool for a bundle.
     *
     * @param writers       how many write at once
     * @param ackWaitMillis the lease of messages, longer than which no write takes
     */
    public HikariDataSource open(int writers, long ackWaitMillis) {
        // the server ends a statement first, unless the network is gone
        HikariConfig pool = config(
                Map.of("socketTimeout", Long.toString(Math.max(2, ackWaitMillis / 1000)), "connectTimeout", "5"));
        pool.setPoolName("postgres");
        // one for each that writes, and for whoever asks: whether the database answers, or what a failure is the fault
        // of
        pool.setMaximumPoolSize(writers + 2);
        // a health check waits no longer either
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_500);
        return new HikariDataSource(pool);
    }

    /**
     * One connection for health, which does not wait for those who write, nor as long as they do, and one for as long as a
     * file that was saved is checked: that takes a moment as well.
     */
    public HikariDataSource openForHealth() {
        HikariConfig pool = config(Map.of("socketTimeout", "3", "connectTimeout", "2"));
        pool.setPoolName("health");
        pool.setMaximumPoolSize(2);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(2_000);
        pool.setValidationTimeout(1_000);
        return new HikariDataSource(pool);
    }

    private HikariConfig config(Map<String, String> timeouts) {
        Map<String, String> properties = new HashMap<>(timeouts);
        properties.put("ApplicationName", "sequin-postgres-routes");
        properties.put("reWriteBatchedInserts", "true");
        properties.put("tcpKeepAlive", "true");
        // the driver would quote a failed batch, all of its records, and can fail at that while it reads a response
        properties.put("logServerErrorDetail", "false");
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(new DriverDataSource(url, user, password, properties));
        // a database that is away at start is waited for like one that goes away later
        pool.setInitializationFailTimeout(-1);
        pool.setExceptionOverride(new ReadOnlyOverride());
        return pool;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "PostgresPool";
    }
}
