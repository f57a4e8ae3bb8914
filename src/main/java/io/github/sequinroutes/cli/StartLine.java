package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.ConfiguredBundle;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Printable;
import java.util.Collection;
import java.util.Properties;
import java.util.TreeSet;

/** What the log says of a bundle at the start: one line that names both ends, and what runs between them. */
final class StartLine {
    /** More would be a page. */
    private static final int MAX_NAMES = 10;

    private StartLine() {}

    /** That of a bundle; {@code camel} are the keys that go to Camel. */
    static String of(ConfiguredBundle configured, Bundle bundle, Properties camel) {
        BundleConfig config = configured.config();
        return "%s runs%s: consumer %s of %s (sequin.api=%s) into %s; %s; %s; %s."
                .formatted(
                        new Cli.Version().getVersion()[0],
                        config.isUnnamed() ? "" : " bundle " + config.name(),
                        Printable.of(config.get(Keys.CONSUMER)),
                        Printable.of(config.get(Keys.URL)),
                        config.get(Keys.API),
                        target(configured),
                        collections(
                                new TreeSet<>(bundle.files().routes().collections()),
                                bundle.files().broken().isEmpty()),
                        count(config.get(Keys.WORKERS), "worker"),
                        health(camel));
    }

    /** Without the parameters, in which a password may be. */
    private static String target(ConfiguredBundle configured) {
        return configured.pool() == null
                ? "the DataSource " + configured.dataSource()
                : Printable.of(configured.pool().url().replaceFirst("\\?.*", ""));
    }

    /** The messages of those whose files are broken wait. */
    private static String collections(Collection<String> names, boolean areAll) {
        if (names.isEmpty()) {
            return "no collections" + (areAll ? ", so every record becomes a dead letter" : "");
        }
        String some =
                Printable.of(String.join(", ", names.stream().limit(MAX_NAMES).toList()));
        return count(names.size(), "collection") + ": " + some + (names.size() > MAX_NAMES ? ", ..." : "");
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String health(Properties camel) {
        return camel.getProperty(CamelKeys.ENABLED, "true").equals("false")
                ? "no status page, health and metrics"
                : "status page, health and metrics at port " + camel.getProperty(CamelKeys.PORT, "9876");
    }
}
