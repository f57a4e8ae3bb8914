package io.github.sequinroutes.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** What the contenders of a comparison share: the records, where they come from, and where they go. */
record Testbed(
        BenchDatabase database,
        Workload workload,
        ServerProcess server,
        Size size,
        String databaseUrl,
        String serverUrl) {
    /** By this name the server knows the connections that are not those of our process. */
    static final String APPLICATION = "bench-contender";

    /** Without a detour. */
    Testbed(BenchDatabase database, Workload workload, ServerProcess server, Size size) {
        this(database, workload, server, size, database.url(), server.url());
    }

    /** The same with other records; the server must have as many. */
    Testbed with(Size other) {
        return new Testbed(database, workload, server, other, databaseUrl, serverUrl);
    }

    /** The same for another workload, which does not come from the server. */
    Testbed of(Workload other) {
        return new Testbed(database, other, server, size, databaseUrl, serverUrl);
    }

    /** The same, reached on other ways. */
    Testbed through(String otherDatabaseUrl, String otherServerUrl) {
        return new Testbed(database, workload, server, size, otherDatabaseUrl, otherServerUrl);
    }

    /** A connection with the driver's settings that our process uses. */
    Connection connect() throws SQLException {
        return connect("");
    }

    /** The same, with further settings for the driver. */
    Connection connect(String settings) throws SQLException {
        return DriverManager.getConnection(
                databaseUrl + "&reWriteBatchedInserts=true&ApplicationName=" + APPLICATION + settings);
    }
}
