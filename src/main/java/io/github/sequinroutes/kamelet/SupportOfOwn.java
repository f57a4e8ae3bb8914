package io.github.sequinroutes.kamelet;

import io.github.sequinroutes.bundle.BundleOptions;
import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.database.Database;
import io.github.sequinroutes.database.Transactions;
import io.github.sequinroutes.failure.FailurePolicy;
import io.github.sequinroutes.write.Collections;
import io.github.sequinroutes.write.WriteLimit;
import io.github.sequinroutes.write.WriteSupport;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
        Map<String, String> defaults = BundleOptions.read("", key -> null, new TreeMap<>());
        Collections collections = new Collections(new CollectionFiles(name, true), timeoutMillis, Set.of());
        collections.add(name);
        return new WriteSupport(
                new Transactions(dataSource),
                new WriteLimit(Integer.parseInt(defaults.get("writers"))),
                ledger ? new Database(dataSource, true) : Database.withoutTables(dataSource),
                new FailurePolicy(states(defaults, "retry"), states(defaults, "stop"), states(defaults, "reject")),
                collections,
                Integer.parseInt(defaults.get("max-record-size")),
                false);
    }

    private static List<String> states(Map<String, String> defaults, String kind) {
        return List.of(defaults.get("failures." + kind).split(" *, *"));
    }
}
