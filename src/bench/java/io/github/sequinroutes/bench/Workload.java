package io.github.sequinroutes.bench;

import io.github.sequinroutes.template.PreparedRecords;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/** What is to be written: records, and the tables, templates and routes for them. The same in each run. */
interface Workload {
    /** The collections that its records belong to. */
    List<String> collections();

    /** The folder with its routes and templates. */
    Path routes() throws IOException;

    /** Creates its tables. */
    void createTables(Statement statement) throws SQLException, IOException;

    /** Its first records, as JSON. */
    Stream<String> records(int count);

    /** The keys of one record after the other: each is a new one, or a third of them are of earlier records. */
    static IntSupplier keys(boolean updates) {
        Random random = new Random(7);
        int[] taken = new int[1];
        int[] known = new int[1];
        return () -> taken[0]++ % 3 == 2 && updates ? random.nextInt(known[0]) : known[0]++;
    }

    /** Its records as statements, whose parameters the server describes on this connection. */
    default PreparedRecords prepared(Connection connection) throws IOException, SQLException {
        return new PreparedRecords(connection, routes().resolve("collections"), collections());
    }
}
