package io.github.sequinroutes.write;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Way;
import java.nio.file.Path;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;

/** A sink without a route. */
final class TestSink {
    private TestSink() {}

    /** That of a collection, with the templates in these files; {@code delete} may be null. */
    static UpsertSink of(DataSource source, String api, String collection, Path upsert, Path delete, String guard)
            throws Exception {
        return of(source, new Transactions(source), api, collection, upsert, delete, guard);
    }

    /** The same, which writes in these transactions. */
    static UpsertSink of(
            DataSource source,
            Transactions transactions,
            String api,
            String collection,
            Path upsert,
            Path delete,
            String guard)
            throws Exception {
        Collections collections = new Collections(new CollectionFiles("test", true), 60_000, Set.of());
        collections.add(collection);
        Database database = new Database(source, true);
        database.migrate();
        UpsertSink sink = new UpsertSink();
        sink.setCamelContext(new DefaultCamelContext());
        sink.setUpsert("file:" + upsert);
        sink.setDelete(delete == null ? "/" : "file:" + delete);
        sink.setGuard(guard);
        sink.setSupport(new WriteSupport(
                SequinApi.of(api).format(),
                transactions,
                new WriteLimit(2),
                database,
                new FailurePolicy(Keys.RETRY.defaultValue(), Keys.STOP.defaultValue(), Keys.REJECT.defaultValue()),
                collections,
                new OpenDeadLetters("test"),
                Way.SET,
                100_000,
                false));
        return sink;
    }
}
