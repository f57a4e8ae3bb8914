package io.github.sequinroutes.config;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;

/** The database that changes are captured from, for commands that ask it what it has. */
public final class SourceDatabase {
    private static final String URL = "--source";
    private static final String PASSWORD_FILE = "--source-password-file";

    private final String url;
    private final String user;
    private final Supplier<String> password;

    /**
     * Checks how to reach it.
     *
     * @param url          JDBC URL
     * @param user         the role, or null if the URL says it
     * @param passwordFile a file with its password, or null
     * @param password     its password, if there is no file, or null
     * @throws IllegalArgumentException if something of it cannot be used; without the URL, which may have a password in it
     */
    public SourceDatabase(String url, String user, Path passwordFile, String password) {
        String problem = JdbcUrl.problem(url);
        Map<String, String> problems = new HashMap<>();
        if (problem != null) {
            throw new IllegalArgumentException(URL + " " + problem);
        }
        this.url = url;
        this.user = user;
        this.password = passwordFile == null
                ? () -> password
                : BundleConfig.secret(PASSWORD_FILE, passwordFile.toString(), any -> null, problems);
        problems.forEach((name, wrong) -> {
            throw new IllegalArgumentException(name + " " + wrong);
        });
    }

    /**
     * A connection in a transaction that reads only, and sees one moment.
     *
     * @throws SQLException if it does not answer
     */
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "sequin-postgres-routes");
        properties.setProperty("connectTimeout", "5");
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password.get() != null) {
            properties.setProperty("password", password.get());
        }
        Connection connection = open(properties);
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        return connection;
    }

    /** Of two databases the message says which it was. */
    private Connection open(Properties properties) throws SQLException {
        try {
            return new Driver().connect(url, properties);
        } catch (SQLException e) {
            throw new SQLException(URL + ": " + e.getMessage(), e.getSQLState(), e.getCause());
        }
    }

    /** Without the URL and the password. */
    @Override
    public String toString() {
        return "SourceDatabase";
    }
}
