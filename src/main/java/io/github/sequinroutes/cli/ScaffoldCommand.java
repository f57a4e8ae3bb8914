package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SourceDatabase;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.scaffold.Scaffold;
import io.github.sequinroutes.scaffold.TablePattern;
import io.github.sequinroutes.source.Catalogue;
import io.github.sequinroutes.source.SourceTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes the files of collections that keep replicas of tables. */
@Command(
        name = "scaffold",
        description = {
            "Write route, templates and DDL for replicas of tables, as the Stream API sends their changes.",
            "No file is ever overwritten, and nothing is changed in a database but with --apply."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class ScaffoldCommand implements Callable<Integer> {
    private static final int NEAREST = 3;

    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--table",
            paramLabel = "PATTERN",
            required = true,
            description = "Tables such as public.orders, 'public.*' or 'public.\"Order.Items\"'; * and ? stand for any"
                    + " characters, and one. Can be given several times.")
    private List<String> tables;

    @Mixin
    private SourceOptions sourceOptions;

    @Option(
            names = "--soft-deletes",
            description =
                    "Mark deleted rows in a column deleted, and keep the versions in the rows, not in the ledger.")
    private boolean softDeletes;

    @Option(names = "--apply", description = "Also create in the target what is missing there, in one transaction.")
    private boolean apply;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<TablePattern> patterns = tables.stream().map(TablePattern::new).toList();
        SourceDatabase given = sourceOptions.source();
        Settings settings = cli.settings();
        if (settings.bundles().size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Say whose collections: --bundle with one of " + String.join(", ", settings.names()));
        }
        BundleConfig config = settings.bundles().get(0).config();
        if (config.routesUri().startsWith("classpath:")) {
            throw new IllegalArgumentException(
                    "sequin.routes is on the class path, where nothing can be written: name a folder");
        }
        if (!config.get(Keys.API).equals("stream")) {
            out.println("Warning: what is written is for the Stream API, and sequin.api is " + config.get(Keys.API)
                    + "; set sequin.api=stream");
        }
        try (Standalone standalone = new Standalone(settings, Mode.COMMAND)) {
            Bundle bundle = standalone.init().bundle();
            try (Connection target = bundle.dataSource().getConnection();
                    Connection source = given == null ? null : given.connect()) {
                target.setAutoCommit(false);
                return run(
                        new Scaffold(Path.of(config.get(Keys.ROUTES)), out::println),
                        patterns,
                        source == null ? target : source,
                        target);
            }
        }
    }

    private int run(Scaffold scaffold, List<TablePattern> patterns, Connection source, Connection target)
            throws Exception {
        List<SourceTable> matching = matching(patterns, source);
        List<SourceTable> skipped = scaffold.plan(source, target, matching, softDeletes);
        target.rollback();
        List<Path> ddl = scaffold.writeDdl();
        if (apply) {
            scaffold.apply(ddl, target);
        }
        scaffold.writeCollections();
        if (!apply && !ddl.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .println("The target needs these first, with --apply, or with psql"
                            + ddl.stream().map(file -> " -f " + file).collect(Collectors.joining()));
        }
        // of a pattern those are left out that cannot be; one that was asked for by its name was asked for
        boolean isMissing = skipped.stream()
                .anyMatch(table -> patterns.stream().anyMatch(pattern -> pattern.isExact() && pattern.matches(table)));
        return isMissing ? 1 : 0;
    }

    private static List<SourceTable> matching(List<TablePattern> patterns, Connection source) throws SQLException {
        List<SourceTable> all = new Catalogue(source).tables();
        List<String> names = all.stream().map(SourceTable::sqlName).toList();
        List<String> unknown = new ArrayList<>();
        for (TablePattern pattern : patterns) {
            if (all.stream().noneMatch(pattern::matches)) {
                unknown.add("--table " + pattern + ": there is no such table" + nearest(pattern.toString(), names));
            }
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), unknown));
        }
        return all.stream()
                .filter(table -> patterns.stream().anyMatch(pattern -> pattern.matches(table)))
                .toList();
    }

    private static String nearest(String name, List<String> names) {
        return names.isEmpty()
                ? ", nor any other; is it the right database, and may the role see its schemas?"
                : "; the nearest: "
                        + names.stream()
                                .sorted(Comparator.comparingInt(known -> Nearest.distance(name, known)))
                                .limit(NEAREST)
                                .collect(Collectors.joining(", "));
    }
}
