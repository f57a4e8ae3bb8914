package io.github.sequinroutes.config;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A bundle as the keys of a host ask for it.
 *
 * @param config     what it is told
 * @param dataSource the name of the host's DataSource, or empty
 * @param transactionManager the name of the host's transaction manager, or empty
 * @param pool       the database by its URL, or null if none is given
 */
public record ConfiguredBundle(BundleConfig config, String dataSource, String transactionManager, PostgresPool pool) {
    /** The keys of a bundle beside {@link Keys}, with their prefix: they say which database it writes to. */
    static final List<String> DATABASE_KEYS = List.of(
            "sequin.data-source",
            "sequin.transaction-manager",
            "postgres.url",
            "postgres.user",
            "postgres.password",
            "postgres.password-file");

    static ConfiguredBundle read(String name, Scope scope, Map<String, String> problems) {
        BundleConfig config = BundleConfig.read(
                        name, key -> scope.value("sequin." + key), key -> scope.key("sequin." + key), problems)
                .withKeys(scope::called);
        for (String key : DATABASE_KEYS) {
            String value = scope.text(key);
            String problem = Validators.quotes(value);
            if (problem == null && key.equals("postgres.url") && !value.isEmpty()) {
                problem = JdbcUrl.problem(value);
            }
            if (problem != null) {
                problems.put(scope.key(key), problem);
            }
        }
        scope.findContradictions(problems);
        String url = scope.text("postgres.url");
        String twice = JdbcUrl.contradiction(
                url,
                scope.text("postgres.user"),
                scope.text("postgres.password"),
                !scope.text("postgres.password-file").isEmpty(),
                scope::called);
        if (twice != null) {
            problems.putIfAbsent(scope.key("postgres.url"), twice);
        }
        PostgresPool pool =
                url.isEmpty() ? null : new PostgresPool(url, scope.text("postgres.user"), password(scope, problems));
        return new ConfiguredBundle(
                config, scope.text("sequin.data-source"), scope.text("sequin.transaction-manager"), pool);
    }

    private static Supplier<String> password(Scope scope, Map<String, String> problems) {
        String key = "postgres.password-file";
        String password = scope.text("postgres.password");
        return scope.text(key).isEmpty()
                ? () -> password
                : BundleConfig.secret(scope.key(key), scope.text(key), any -> null, problems);
    }

    /** The same bundle, told something else. */
    public ConfiguredBundle with(BundleConfig other) {
        return new ConfiguredBundle(other, dataSource, transactionManager, pool);
    }

    /** Whether its keys say to which database it writes. */
    public boolean hasDatabase() {
        return pool != null || !dataSource.isEmpty();
    }

    /** One of its keys as it is written for this bundle, e.g. {@code sequin.orders.url} for {@code sequin.url}. */
    public String key(String key) {
        return Scope.named(config.name(), key);
    }
}
