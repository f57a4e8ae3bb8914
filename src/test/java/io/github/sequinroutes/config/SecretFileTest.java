package io.github.sequinroutes.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.testkit.PostgresServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that holds a secret and nothing else, as Kubernetes mounts it. */
class SecretFileTest {
    @TempDir
    private Path folder;

    private SecretFile open(Path file) {
        return SecretFile.alone("sequin.token-file", file, Keys.TOKEN::problem);
    }

    @Test
    void aNewOneIsUsedAndWhatCannotBeIsNot() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        SecretFile secret = open(file);
        assertEquals("first", secret.get());
        Files.writeString(file, "the-second");
        assertEquals("the-second", secret.get());
        Files.writeString(file, "two words");
        assertEquals("the-second", secret.get());
        Files.writeString(file, "");
        assertEquals("the-second", secret.get());
        Files.delete(file);
        assertEquals("the-second", secret.get());
        Files.writeString(file, "third\r\n");
        assertEquals("third", secret.get());
    }

    /** As a secret is updated in Kubernetes: what the file's name leads to is another. */
    @Test
    void aLinkThatLeadsElsewhereIsFollowed() throws IOException {
        Path link = folder.resolve("token");
        Files.createSymbolicLink(link, Files.writeString(folder.resolve("a"), "first"));
        SecretFile secret = open(link);
        assertEquals("first", secret.get());
        Path next = Files.createSymbolicLink(folder.resolve("next"), Files.writeString(folder.resolve("b"), "another"));
        Files.move(next, link, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals("another", secret.get());
    }

    @Test
    void oneThatCannotBeReadAtFirstIsAnErrorThatSaysWhy() throws IOException {
        Path file = folder.resolve("token");
        assertSays(file + " is not there", file);
        Files.writeString(file, " \n");
        assertSays(file + " is empty", file);
        Files.writeString(file, "S3cr3t token");
        assertSays(file + " must be a token without spaces or line breaks", file);
        Files.writeString(file, "ü", StandardCharsets.ISO_8859_1);
        assertSays(file + " cannot be read: it is not UTF-8", file);
        assertSays(folder + " cannot be read: Is a directory", folder);
    }

    private void assertSays(String text, Path file) {
        assertEquals(
                text,
                assertThrows(IllegalArgumentException.class, () -> open(file)).getMessage());
    }

    @Tag("long")
    @Test
    void aPasswordThatHasChangedIsUsedForTheNextConnection() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first one\n");
        try (PostgresServer postgres = new PostgresServer()) {
            TestDatabase database = new TestDatabase(postgres.port());
            database.execute("create role clerk login password 'first one'");
            Path rules = Path.of(database.value("show hba_file"));
            Files.writeString(rules, "host all clerk all scram-sha-256\n" + Files.readString(rules));
            database.value("select pg_reload_conf()");
            SecretFile secret = SecretFile.alone("postgres.password-file", file, any -> null);
            PostgresPool postgresPool =
                    new PostgresPool(database.url().replaceAll("user=[^&]*&?", ""), "clerk", secret);
            try (HikariDataSource pool = postgresPool.open(1, 30_000);
                    HikariDataSource health = postgresPool.openForHealth()) {
                assertWorks(pool);
                assertWorks(health);
                database.execute("alter role clerk password 'another'");
                assertRefused(pool);
                Files.writeString(file, "another");
                assertWorks(pool);
                assertWorks(health);
            }
        }
    }

    private static void assertWorks(HikariDataSource pool) throws SQLException {
        pool.getHikariPoolMXBean().softEvictConnections();
        try (Connection connection = pool.getConnection()) {
            assertTrue(connection.isValid(1));
        }
    }

    private static void assertRefused(HikariDataSource pool) {
        SQLException refused =
                assertThrows(SQLException.class, () -> pool.getDataSource().getConnection());
        assertEquals("28P01", refused.getSQLState());
    }
}
