package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.scaffold.ReadyMade;
import io.github.sequinroutes.scaffold.Scaffold;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** {@code scaffold --from}: copies the files of ready-made collections. */
final class ReadyMadeScaffold {
    private static final String LIST = "list";

    private final CommandLine commandLine;
    private final PrintWriter out;
    private final Supplier<Settings> settings;

    /** {@code settings} are read only if something is to be written. */
    ReadyMadeScaffold(CommandLine commandLine, Supplier<Settings> settings) {
        this.commandLine = commandLine;
        this.out = commandLine.getOut();
        this.settings = settings;
    }

    /**
     * Copies collections, or lists all if {@code list} is among the names.
     *
     * @param force whether files that are there are overwritten
     * @param apply whether the tables are created in the target as well
     * @throws IllegalArgumentException if there is no such collection: with the nearest, and the list; or if another file has
     *                                  a route for one: then nothing is written
     */
    int run(List<String> names, boolean force, boolean apply) throws Exception {
        if (names.contains(LIST)) {
            out.println(list());
            return 0;
        }
        requireKnown(names);
        ScaffoldTarget target = ScaffoldTarget.of(settings.get(), "consume", commandLine);
        List<ReadyMade> collections = names.stream()
                .distinct()
                .map(name -> new ReadyMade(name, target.routes(), force, out::println))
                .toList();
        requireNoOtherRoutes(collections);
        List<Path> ddl = new ArrayList<>();
        for (ReadyMade collection : collections) {
            ddl.add(collection.writeDdl());
        }
        if (apply) {
            apply(ddl, target);
        }
        for (ReadyMade collection : collections) {
            collection.writeCollection();
        }
        if (!apply) {
            out.println("The target needs these first, with --apply, or with psql"
                    + ddl.stream().map(file -> " -f " + file).collect(Collectors.joining()));
        }
        return 0;
    }

    private void apply(List<Path> ddl, ScaffoldTarget target) throws Exception {
        try (Standalone standalone = new Standalone(target.settings(), Mode.COMMAND);
                Connection connection = standalone.init().bundle().dataSource().getConnection()) {
            connection.setAutoCommit(false);
            new Scaffold(target.routes(), false, out::println).apply(ddl, connection);
        }
    }

    private static void requireNoOtherRoutes(List<ReadyMade> collections) throws IOException {
        List<String> taken = new ArrayList<>();
        for (ReadyMade collection : collections) {
            Path other = collection.otherRoute();
            if (other != null) {
                taken.add("--from " + collection.collection() + ": " + other
                        + " has a route for it already, and of two none would run; remove that first");
            }
        }
        if (!taken.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), taken));
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

    private static String list() {
        return ReadyMade.COLLECTIONS.stream()
                .map(name -> "  %-22s %s".formatted(name, ReadyMade.description(name)))
                .collect(Collectors.joining(System.lineSeparator(), "Ready-made:" + System.lineSeparator(), ""));
    }
}
