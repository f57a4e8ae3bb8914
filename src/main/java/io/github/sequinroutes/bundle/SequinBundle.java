package io.github.sequinroutes.bundle;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.database.DatabaseAccess;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Keeps PostgreSQL tables equal to what a Sequin consumer delivers, in any Camel context. It starts and stops with the
 * context; its beans, routes and endpoints begin with its name, and nothing else of the context is touched.
 *
 * <pre>{@code
 * new SequinBundle(options, dataSource).addTo(context);
 * }</pre>
 */
public final class SequinBundle {
    private final BundleOptions options;
    private final DatabaseAccess access;
    private final Bundle bundle;

    /**
     * A bundle that is not in a context yet: nothing happens, and the database is not used.
     *
     * @param dataSource the user's database; any pool will do, but it should have a connection for each worker and two more
     */
    public SequinBundle(BundleOptions options, DataSource dataSource) {
        this(options, dataSource, dataSource);
    }

    /**
     * The same with another pool, or another connection, for those who ask whether the database answers: they should not
     * wait for those who write.
     */
    public SequinBundle(BundleOptions options, DataSource dataSource, DataSource probes) {
        this(options, new DatabaseAccess(dataSource, probes, null));
    }

    private SequinBundle(BundleOptions options, DatabaseAccess access) {
        this.options = options;
        this.access = access;
        bundle = new Bundle(options.config(), access, Mode.RUN);
    }

    /**
     * The same, not yet in a context, whose transactions are those of a host's transaction manager. Each is a new one,
     * with the session settings that the bundle needs.
     *
     * @param manager that of the DataSource
     */
    public SequinBundle withTransactionManager(PlatformTransactionManager manager) {
        return new SequinBundle(options, new DatabaseAccess(access.dataSource(), access.probes(), manager));
    }

    /**
     * Adds it to a context, which may be started or not.
     *
     * @throws IllegalStateException if there is a bundle of this name already
     * @throws Exception             if a route of the bundle is wrong
     */
    public SequinBundle addTo(CamelContext context) throws Exception {
        bundle.addTo(context);
        return this;
    }

    /** Whether it has started: its collections are loaded, and its workers poll. */
    public boolean isStarted() {
        return bundle.isStarted();
    }

    /** Lets no worker fetch messages any more. Returns whether there may be messages in flight. */
    public boolean stopFetching() {
        return bundle.stopFetching();
    }

    /** Takes it out of the context again: what is in flight is finished and acked before. Without effect if it is in none. */
    public void remove() throws Exception {
        bundle.remove();
    }
}
