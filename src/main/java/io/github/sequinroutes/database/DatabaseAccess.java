package io.github.sequinroutes.database;

import javax.sql.DataSource;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * How a bundle reaches the user's database.
 *
 * @param dataSource for those who write
 * @param probes     for those who ask whether the database answers, who should not wait for those who write
 * @param manager    the host's transaction manager for those who write, or null
 */
public record DatabaseAccess(DataSource dataSource, DataSource probes, PlatformTransactionManager manager) {

    /** Transactions of those who write. */
    public Transactions transactions() {
        return manager == null ? new Transactions(dataSource) : new Transactions(dataSource, manager);
    }
}
