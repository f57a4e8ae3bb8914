package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.testkit.TcpProxy;
import io.github.sequinroutes.testkit.TcpProxy.Direction;
import java.net.URI;
import java.sql.Connection;
import java.util.Properties;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PoolTest {
    /** Past the end of what a new connection sends. */
    private static final int LAST_BYTE = 800;

    private static final int STEP = 40;

    @Test
    void whereverTheFirstConnectionBreaksThePoolWorksAfterwards() throws Exception {
        TestDatabase database = new TestDatabase();
        int port = URI.create(database.url().substring("jdbc:".length())).getPort();
        try (TcpProxy network = new TcpProxy("localhost", port)) {
            Properties given = new Properties();
            given.setProperty("sequin.url", "http://localhost:1");
            given.setProperty("sequin.consumer", "test");
            given.setProperty("postgres.url", database.url().replace(":" + port + "/", ":" + network.port() + "/"));
            for (int bytes = 0; bytes <= LAST_BYTE; bytes += STEP) {
                network.cutAfter(bytes, Direction.TO_SERVER);
                try (Standalone standalone = new Standalone(new Settings(given, variable -> null), Mode.COMMAND);
                        Connection connection = standalone.pools().get("sequin").getConnection()) {
                    assertTrue(connection.isValid(1), "broken after " + bytes + " bytes");
                }
            }
        }
    }
}
