package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.testkit.PostgresServer;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** How the source is reached: with a password from a file or the environment, to read only. */
class SourceOptionsTest {
    private static Connection connect(Map<String, String> environment, String... arguments) throws SQLException {
        SourceOptions options = new SourceOptions(environment::get);
        new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("source", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(arguments);
        return options.source().connect();
    }

    @Test
    void aPasswordOfAFileOrTheEnvironment() throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder("source")) {
            Path hba = folder.path().resolve("hba");
            Files.writeString(hba, "host all postgres all trust\nhost all reader all password\n");
            Path password = folder.path().resolve("password");
            Files.writeString(password, "s3cret\n");
            try (PostgresServer server = new PostgresServer(Map.of("hba_file", hba.toString()))) {
                try (Connection connection = server.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute("create role reader login password 's3cret'");
                }
                String url = "jdbc:postgresql://localhost:" + server.port() + "/postgres";
                String[] reader = {"--source", url, "--source-user", "reader"};
                try (Connection connection = connect(Map.of("SOURCE_PASSWORD", "s3cret"), reader);
                        Statement statement = connection.createStatement()) {
                    SQLException refused = assertThrows(
                            SQLException.class, () -> statement.execute("create temporary table t (id int)"));
                    assertEquals("25006", refused.getSQLState());
                }
                connect(
                                Map.of("SOURCE_PASSWORD", "wrong"),
                                "--source",
                                url + "?user=reader",
                                "--source-password-file",
                                password.toString())
                        .close();
                SQLException wrong =
                        assertThrows(SQLException.class, () -> connect(Map.of("SOURCE_PASSWORD", "wr0ng"), reader));
                assertEquals("28P01", wrong.getSQLState());
                assertFalse(Failures.describe(wrong).contains("wr0ng"));
            }
        }
    }
}
