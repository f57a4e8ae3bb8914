package io.github.sequinroutes.bench;

import io.github.sequinroutes.sandbox.SampleRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The shipped collections: of ten records six Stripe subscriptions, three Stripe customers, one GitHub issue. */
record MixWorkload(Kind kind) implements Workload {
    /** Which records. */
    enum Kind {
        /** A third of them update earlier ones. */
        MIX,
        /** The same, but all are newer. */
        MIX_NEWER,
        /** Each has a key of its own. */
        MIX_DISTINCT
    }

    /** Where they are written. */
    static final List<String> TABLES = List.of("stripe.subscriptions", "stripe.customers", "github.issues");

    private static final long NEWER = 1_000_000_000;

    @Override
    public List<String> collections() {
        return List.of("stripe:subscription", "stripe:customer", "github:issue");
    }

    @Override
    public Path routes() {
        return Path.of("routes");
    }

    @Override
    public void createTables(Statement statement) throws SQLException, IOException {
        statement.execute(Files.readString(Path.of("schema", "stripe.sql")));
        statement.execute(Files.readString(Path.of("schema", "github.sql")));
    }

    @Override
    public Stream<String> records(int count) {
        SampleRecords samples = new SampleRecords(7);
        IntSupplier keys = Workload.keys(kind != Kind.MIX_DISTINCT);
        long firstVersion = kind == Kind.MIX_NEWER ? NEWER : 0;
        return IntStream.range(0, count)
                .mapToObj(i -> samples.record(keys.getAsInt(), firstVersion + i).toString());
    }
}
