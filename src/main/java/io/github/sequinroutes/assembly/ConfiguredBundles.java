package io.github.sequinroutes.assembly;

import com.zaxxer.hikari.HikariDataSource;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.database.DatabaseAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * The bundles of a host as its keys ask for them, each with a pool of its own, the DataSource that is named for it, or
 * the host's only one.
 */
public final class ConfiguredBundles implements AutoCloseable {
    private final List<ConfiguredBundle> configured;
    private final Mode mode;
    private final Map<String, HikariDataSource> pools = new LinkedHashMap<>();
    private final Map<String, HikariDataSource> probes = new LinkedHashMap<>();
    private final List<Bundle> bundles = new ArrayList<>();

    /** Bundles that are not in a context yet; their own pools are there. */
    public ConfiguredBundles(List<ConfiguredBundle> configured, Mode mode) {
        this.configured = configured;
        this.mode = mode;
        for (ConfiguredBundle bundle : configured) {
            if (bundle.pool() != null) {
                String name = bundle.config().name();
                pools.put(
                        name,
                        bundle.pool()
                                .open(
                                        bundle.config().connections(),
                                        bundle.config().get(Keys.ACK_WAIT)));
                if (mode.isPolling()) {
                    probes.put(name, bundle.pool().openForHealth());
                }
            }
        }
    }

    /**
     * Adds them to a context, in whose registry named DataSources are looked for.
     *
     * @param only the host's only DataSource, or null
     * @throws IllegalArgumentException if a bundle has no database
     * @throws Exception                if a route of a bundle is wrong
     */
    public void addTo(CamelContext context, DataSource only) throws Exception {
        for (ConfiguredBundle bundle : configured) {
            bundles.add(new Bundle(bundle.config(), access(bundle, context, only), mode));
        }
        for (Bundle bundle : bundles) {
            bundle.addTo(context);
        }
    }

    private DatabaseAccess access(ConfiguredBundle bundle, CamelContext context, DataSource only) {
        String name = bundle.config().name();
        DataSource dataSource = pools.containsKey(name) ? pools.get(name) : only;
        if (!bundle.dataSource().isEmpty()) {
            dataSource = find(context, bundle.key("sequin.data-source"), bundle.dataSource(), DataSource.class);
        }
        if (dataSource == null) {
            throw new IllegalArgumentException(bundle.key("sequin.data-source") + " must name a DataSource, or "
                    + bundle.key("postgres.url") + " a database");
        }
        PlatformTransactionManager manager = bundle.transactionManager().isEmpty()
                ? null
                : find(
                        context,
                        bundle.key("sequin.transaction-manager"),
                        bundle.transactionManager(),
                        PlatformTransactionManager.class);
        return new DatabaseAccess(dataSource, probes.containsKey(name) ? probes.get(name) : dataSource, manager);
    }

    private static <T> T find(CamelContext context, String key, String name, Class<T> type) {
        T found = context.getRegistry().lookupByNameAndType(name, type);
        if (found == null) {
            throw new IllegalArgumentException(key + " names no bean that is a " + type.getSimpleName() + ": " + name);
        }
        return found;
    }

    /** The bundles, once they are in a context. */
    public List<Bundle> all() {
        return bundles;
    }

    /** The pools of those who have one of their own, by the name of the bundle. */
    public Map<String, HikariDataSource> pools() {
        return pools;
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    public boolean stopFetching() {
        boolean mayBeInFlight = false;
        for (Bundle bundle : bundles) {
            mayBeInFlight |= bundle.stopFetching();
        }
        return mayBeInFlight;
    }

    /** Closes the pools, once the context has stopped. */
    @Override
    public void close() {
        // no method references, which need HikariCP even where no bundle has a pool of its own
        for (HikariDataSource probe : probes.values()) {
            probe.close();
        }
        for (HikariDataSource pool : pools.values()) {
            pool.close();
        }
    }
}
