package io.github.sequinroutes;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for each test, on one embedded PostgreSQL for all of them. */
public final class TestDatabase {
    /** Has the shipped tables, and is copied: to run their scripts takes longer. */
    private static final String TEMPLATE = "shipped";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int port;
    private final String name;
    /** For queries: those that wait for a row ask ten times a second, and a connection costs more than its query. */
    private Connection asking;

    private static final class Server {
        private static final long ROOM = 4L << 30;

        static final EmbeddedPostgres POSTGRES = start();

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                        .setDataDirectory(dataDirectory())
                        .start();
                createTemplate(postgres.getPort());
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** In memory where there is room: to create a database is to create three hundred files. */
        private static Path dataDirectory() throws IOException {
            Path memory = Path.of("/dev/shm");
            boolean hasRoom = Files.isWritable(memory) && memory.toFile().getUsableSpace() > ROOM;
            return hasRoom
                    ? Files.createTempDirectory(memory, "test-postgres")
                    : Files.createTempDirectory("test-postgres");
        }

        private static void createTemplate(int port) throws SQLException, IOException {
            TestDatabase template = new TestDatabase(port, TEMPLATE);
            template.create("");
            template.fill();
        }
    }

    /** Creates the database, with the shipped tables in it. */
    public TestDatabase() throws SQLException, IOException {
        this(Server.POSTGRES.getPort(), newName());
        TestBulkhead.enter();
        create(" template " + TEMPLATE);
    }

    /** The same, on a server of the test's own. */
    public TestDatabase(int port) throws SQLException, IOException {
        this(port, newName());
        TestBulkhead.enter();
        create("");
        fill();
    }

    /** Enters no bulkhead: the server starts while others, which may have entered, wait for it. */
    private TestDatabase(int port, String name) {
        this.port = port;
        this.name = name;
    }

    private static String newName() {
        return "test" + COUNT.incrementAndGet();
    }

    private void create(String options) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name + options);
        }
    }

    private void fill() throws SQLException, IOException {
        for (String file : List.of("stripe.sql", "github.sql")) {
            execute(Files.readString(Path.of("schema", file)));
        }
    }

    /** The same, with an encoding other than UTF8. */
    public static TestDatabase encoded(String encoding) throws SQLException, IOException {
        TestDatabase database = new TestDatabase(Server.POSTGRES.getPort(), newName());
        TestBulkhead.enter();
        database.create(" template template0 encoding '%s' lc_collate 'C' lc_ctype 'C'".formatted(encoding));
        database.fill();
        return database;
    }

    /** The JDBC URL, with the user in it. */
    public String url() {
        return url(name);
    }

    private String url(String database) {
        return "jdbc:postgresql://localhost:" + port + "/" + database + "?user=postgres";
    }

    /** The server's port. */
    public int port() {
        return port;
    }

    /** The database's name. */
    public String name() {
        return name;
    }

    /** The server's major version, for what differs in PostgreSQL itself. */
    public int majorVersion() throws SQLException {
        return Integer.parseInt(value("show server_version_num")) / 10_000;
    }

    /** Removes it: to remove those of all tests as the JVM ends takes half a minute. */
    public synchronized void drop() throws SQLException {
        disconnectAll();
        asking.close();
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("drop database " + name);
        }
    }

    /** Ends all connections to it, but the one that does so. */
    public void disconnectAll() throws SQLException {
        rows("select pg_terminate_backend(pid) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()");
    }

    /** A connection to it. */
    public Connection connect() throws SQLException {
        Connection connection = DriverManager.getConnection(url());
        try (Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'");
        }
        return connection;
    }

    /** Executes statements. */
    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The rows of a query, each as its columns' texts joined by {@code |}; null is {@code ~}. */
    public synchronized List<String> rows(String query) throws SQLException {
        if (asking == null || !asking.isValid(1)) {
            asking = connect();
        }
        try (Statement statement = asking.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    columns.add(result.getString(i) == null ? "~" : result.getString(i));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        }
    }

    /** The one value of a query, as text. */
    public String value(String query) throws SQLException {
        List<String> rows = rows(query);
        if (rows.size() != 1) {
            throw new AssertionError(rows.size() + " rows instead of one: " + query);
        }
        return rows.get(0);
    }
}
