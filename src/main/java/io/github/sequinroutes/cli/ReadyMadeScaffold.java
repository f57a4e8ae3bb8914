package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.scaffold.ReadyMade;
import io.github.sequinroutes.scaffold.Scaffold;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** {@code scaffold --from}: copies the files of ready-made collections. */
final class ReadyMadeScaffold {
    private final Settings settings;
    private final BundleConfig config;
    private final Consumer<String> out;

    /** Copies into the folder of routes of {@code config}, the one bundle of {@code settings}. */
    ReadyMadeScaffold(Settings settings, BundleConfig config, Consumer<String> out) {
        this.settings = settings;
        this.config = config;
        this.out = out;
    }

    /**
     * Copies collections.
     *
     * @param force whether files that are there are overwritten
     * @param apply whether the tables are created in the target as well
     * @return the exit status
     * @throws IllegalArgumentException if there is no such collection: with the nearest, and the list
     */
    int run(List<String> names, boolean force, boolean apply) throws Exception {
        requireKnown(names);
        if (!config.get(Keys.API).equals("consume")) {
            out.accept("Warning: what is written is for the Consume API, and sequin.api is " + config.get(Keys.API)
                    + "; set sequin.api=consume");
        }
        Path routes = Path.of(config.get(Keys.ROUTES));
        List<ReadyMade> collections = names.stream()
                .distinct()
                .map(name -> new ReadyMade(name, routes, force, out))
                .toList();
        List<Path> ddl = new ArrayList<>();
        for (ReadyMade collection : collections) {
            ddl.add(collection.writeDdl());
        }
        if (apply) {
            apply(new Scaffold(routes, out), ddl);
        }
        for (ReadyMade collection : collections) {
            collection.writeCollection();
        }
        if (!apply) {
            out.accept("The target needs these first, with --apply, or with psql"
                    + ddl.stream().map(file -> " -f " + file).collect(Collectors.joining()));
        }
        return 0;
    }

    private void apply(Scaffold scaffold, List<Path> ddl) throws Exception {
        try (Standalone standalone = new Standalone(settings, Mode.COMMAND);
                Connection connection = standalone.init().bundle().dataSource().getConnection()) {
            connection.setAutoCommit(false);
            scaffold.apply(ddl, connection);
        }
    }

    private static void requireKnown(List<String> names) {
        List<String> unknown = names.stream()
                .filter(name -> !ReadyMade.COLLECTIONS.contains(name))
                .map(name -> "--from " + name + ": there is no such ready-made collection; did you mean "
                        + nearest(name) + "?")
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    String.join(System.lineSeparator(), unknown) + System.lineSeparator() + list());
        }
    }

    /** One that has the name in it, such as {@code invoice}, or else the one with the fewest typos. */
    private static String nearest(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ReadyMade.COLLECTIONS.stream()
                .filter(known -> known.contains(lower))
                .findFirst()
                .orElseGet(() -> Nearest.to(lower, ReadyMade.COLLECTIONS));
    }

    /** All of them, a line each. */
    static String list() {
        return ReadyMade.COLLECTIONS.stream()
                .map(name -> "  %-22s %s".formatted(name, ReadyMade.description(name)))
                .collect(Collectors.joining(System.lineSeparator(), "Ready-made:" + System.lineSeparator(), ""));
    }
}
