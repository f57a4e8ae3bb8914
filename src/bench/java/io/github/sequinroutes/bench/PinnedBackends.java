package io.github.sequinroutes.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Pins the backends of all contenders' connections to a core, soon after they have come into being. */
final class PinnedBackends implements AutoCloseable {
    private static final String BACKENDS =
            "select pid from pg_stat_activity where application_name in ('%s', 'sequin-postgres-routes')"
                    .formatted(Testbed.APPLICATION);

    private final Set<Long> pinned = ConcurrentHashMap.newKeySet();
    private final BenchDatabase database;
    private final Affinity affinity;
    private final int core;
    private final Thread thread = new Thread(this::watch, "pinned-backends");
    private volatile Exception failure;

    PinnedBackends(BenchDatabase database, Affinity affinity, int core) {
        this.database = database;
        this.affinity = affinity;
        this.core = core;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try (Connection connection = database.connectToServer();
                Statement statement = connection.createStatement()) {
            while (true) {
                try (ResultSet row = statement.executeQuery(BACKENDS)) {
                    while (row.next()) {
                        pin(row.getLong(1));
                    }
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (SQLException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void pin(long pid) throws InterruptedException {
        if (pinned.add(pid)) {
            try {
                affinity.pin(pid, core);
            } catch (IOException e) {
                pinned.remove(pid); // it has just ended
            }
        }
    }

    /** The time that those computed which have not ended. */
    Duration cpu() {
        return pinned.stream()
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .flatMap(process -> process.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** How many there were. */
    int count() {
        return pinned.size();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
    }
}
