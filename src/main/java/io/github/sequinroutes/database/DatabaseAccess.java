package io.github.sequinroutes.database;

import javax.sql.DataSource;

/**
 * How a bundle reaches the user's database.
 *
 * @param dataSource for those who write
 * @param probes     for those who ask whether the database answers, who should not wait for those who write
 */
public record DatabaseAccess(DataSource dataSource, DataSource probes) {
    /** One pool for all. */
    public DatabaseAccess(DataSource dataSource) {
        this(dataSource, dataSource);
    }

    /** Transactions of those who write. */
    public Transactions transactions() {
        return new Transactions(dataSource);
    }
}
