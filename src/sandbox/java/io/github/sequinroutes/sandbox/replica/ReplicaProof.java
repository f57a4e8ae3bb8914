package io.github.sequinroutes.sandbox.replica;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Compares the source's tables with those of the replica, where the source's are in the schema {@code source}. */
final class ReplicaProof {
    /**
     * What came of it for a table.
     *
     * @param table the table
     * @param rows how many rows the source has
     * @param onlyInSource how many of them the replica has not, or not exactly so
     * @param onlyInReplica how many rows of the replica the source has not, or not exactly so
     */
    record Result(String table, long rows, long onlyInSource, long onlyInReplica) {
        /** Whether both are the same. */
        boolean isIdentical() {
            return onlyInSource == 0 && onlyInReplica == 0;
        }
    }

    private ReplicaProof() {}

    /** Makes the tables of the source visible in the replica. */
    static void prepare(Connection replica, int port, String source) throws SQLException {
        try (Statement statement = replica.createStatement()) {
            statement.execute("create extension postgres_fdw;"
                    + "create server source foreign data wrapper postgres_fdw options (host 'localhost', port '" + port
                    + "', dbname '" + source + "');"
                    + "create user mapping for current_user server source options (user 'postgres');"
                    + "create schema source; import foreign schema public from server source into source");
        }
    }

    /** Compares all tables, with {@code except} both ways. Equal rows count once: each table has a key. */
    static List<Result> compare(Connection replica) throws SQLException {
        List<Result> results = new ArrayList<>();
        try (Statement statement = replica.createStatement()) {
            for (String table : names(
                    statement,
                    "select relname from pg_class where relnamespace = 'source'::regnamespace" + " order by relname")) {
                List<String> columns = names(
                        statement,
                        "select quote_ident(attname) from pg_attribute where attrelid = 'source." + table
                                + "'::regclass and attnum > 0 and not attisdropped order by attnum");
                String list = String.join(", ", columns);
                String source = "select " + list + " from source." + table;
                String target = "select " + list + " from public." + table;
                results.add(new Result(
                        "public." + table,
                        count(statement, source),
                        count(statement, source + " except " + target),
                        count(statement, target + " except " + source)));
            }
        }
        return results;
    }

    private static List<String> names(Statement statement, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private static long count(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery("select count(*) from (" + query + ") q")) {
            row.next();
            return row.getLong(1);
        }
    }
}
