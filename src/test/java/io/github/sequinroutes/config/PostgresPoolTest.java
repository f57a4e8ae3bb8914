package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is asked of PostgreSQL beside the writing. */
@Tag("postgres")
class PostgresPoolTest {
    /** Else a file that is checked for longer than health waits would look like an outage. */
    @Test
    void whoChecksASavedFileLeavesHealthAConnection() throws Exception {
        PostgresPool postgres = new PostgresPool(new TestDatabase().url(), "", () -> "");
        try (HikariDataSource probes = postgres.openForHealth();
                Connection check = probes.getConnection();
                Connection health = probes.getConnection()) {
            assertTrue(check.isValid(1) && health.isValid(1));
        }
    }
}
