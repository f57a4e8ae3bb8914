package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.deadletter.OpenDeadLetters;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Way;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.WriteLimit;
import io.github.sequinroutes.write.WriteSupport;
import java.util.Set;
import javax.sql.DataSource;

/** What a sink needs that belongs to no bundle: the same as one in a bundle, with its defaults. */
final class SupportOfOwn {
    private SupportOfOwn() {}

    /**
     * Makes it.
     *
     * @param name          what the sink is called in messages
     * @param timeoutMillis how long the writing of a body may take
     * @param ledger        whether it needs the tables of schema sequin, which it creates
     */
    static WriteSupport make(DataSource dataSource, String name, long timeoutMillis, boolean ledger) {
        Collections collections = new Collections(new CollectionFiles(name, true), timeoutMillis, Set.of());
        collections.add(name);
        return new WriteSupport(
                SequinApi.of("consume").format(), // of records that come from no API any path can be one
                new Transactions(dataSource),
                new WriteLimit(Keys.WRITERS.defaultValue()),
                ledger ? new Database(dataSource, true) : Database.withoutTables(dataSource),
                new FailurePolicy(Keys.RETRY.defaultValue(), Keys.STOP.defaultValue(), Keys.REJECT.defaultValue()),
                collections,
                new OpenDeadLetters(name),
                Way.SET,
                Keys.MAX_RECORD_SIZE.defaultValue(),
                false);
    }
}
