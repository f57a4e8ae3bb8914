package io.github.sequinroutes.observe;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.util.function.ToIntFunction;
import javax.sql.DataSource;

/** Publishes how the connections of a pool are used. A host without HikariCP cannot load the class. */
final class PoolMetrics {
    private PoolMetrics() {}

    /** Does it if the pool is one of HikariCP. */
    static void publish(Meters meters, DataSource dataSource) {
        if (!(dataSource instanceof HikariDataSource pool)) {
            return;
        }
        String connections = "sequin.connections";
        String description = "Connections of the pool of the database, by whether they are in use";
        meters.gauge(
                connections, description, () -> of(pool, HikariPoolMXBean::getActiveConnections), "state", "active");
        meters.gauge(connections, description, () -> of(pool, HikariPoolMXBean::getIdleConnections), "state", "idle");
        meters.gauge(
                "sequin.connections.limit",
                "The maximum number of connections of the pool of the database",
                pool::getMaximumPoolSize);
        meters.gauge(
                "sequin.connections.awaited",
                "Threads that wait for a connection of the pool of the database",
                () -> of(pool, HikariPoolMXBean::getThreadsAwaitingConnection));
    }

    private static int of(HikariDataSource pool, ToIntFunction<HikariPoolMXBean> what) {
        HikariPoolMXBean now = pool.getHikariPoolMXBean();
        return now == null ? 0 : what.applyAsInt(now); // it has not begun
    }
}
