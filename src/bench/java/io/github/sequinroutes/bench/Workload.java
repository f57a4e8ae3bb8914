package io.github.sequinroutes.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** What is to be written: records, and the tables, templates and routes for them. The same in each run. */
interface Workload {
    /** The workload that has this name, which is all that another process needs to know of it. */
    static Workload of(String name) {
        return name.startsWith("MIX") ? MixWorkload.of(name) : GenericWorkload.of(name);
    }

    /** Its name, see {@link #of}. */
    String name();

    /** The collections that its records belong to. */
    List<String> collections();

    /** The folder with its routes and templates. */
    Path routes() throws IOException;

    /** Creates its tables. */
    void createTables(Statement statement) throws SQLException, IOException;

    /** Its first records, as JSON. */
    Stream<String> records(int count);
}
