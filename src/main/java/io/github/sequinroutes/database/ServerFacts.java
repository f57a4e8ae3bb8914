package io.github.sequinroutes.database;

import io.github.sequinroutes.failure.UnsuitableDatabaseException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What decides whether a database can be used.
 *
 * @param database      its name
 * @param versionNumber the server's {@code server_version_num}, such as 120022 for 12.22 and 90624 for 9.6.24
 * @param version       the server's version as it calls itself
 * @param encoding      the database's {@code server_encoding}
 */
record ServerFacts(String database, int versionNumber, String version, String encoding) {
    /** The oldest version that the tests run on, see docs/promises.md. */
    private static final int OLDEST = 12;

    private static final String QUERY = """
            select current_database(), current_setting('server_version_num')::int, current_setting('server_version'),
              current_setting('server_encoding')""";

    /** Asks the server. */
    static ServerFacts of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            return new ServerFacts(row.getString(1), row.getInt(2), row.getString(3), row.getString(4));
        }
    }

    /**
     * Refuses a server that is too old, and a database that is not UTF8. In LATIN1 not every text can be stored, not
     * even in a dead letter; in SQL_ASCII the server checks none, and a dead letter need not be what was received.
     *
     * @throws UnsuitableDatabaseException which names what is wrong
     */
    void requireSuitable() throws UnsuitableDatabaseException {
        if (versionNumber < OLDEST * 10_000) {
            throw new UnsuitableDatabaseException("The server of the database " + database + " is PostgreSQL " + version
                    + ", but it must be " + OLDEST + " or later.");
        }
        if (!encoding.equals("UTF8")) {
            throw new UnsuitableDatabaseException("The database " + database + " has the encoding " + encoding
                    + ", but it must be UTF8, or some records could neither be written nor be kept as dead letters;"
                    + " create one with: create database " + database + " template template0 encoding 'UTF8'");
        }
    }
}
