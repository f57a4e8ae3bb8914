package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SourceDatabase;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.scaffold.CollectionScaffold;
import io.github.sequinroutes.scaffold.RecordShape;
import io.github.sequinroutes.scaffold.Scaffold;
import io.github.sequinroutes.scaffold.TablePattern;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Writes the files of collections: of those that are named, or of those that keep replicas of tables. */
@Command(
        name = "scaffold",
        description = {
            "Write route, templates and DDL of collections: of those that are named, as their records look like, of"
                    + " ready-made ones, or of replicas of tables, as the Stream API sends their changes.",
            "No file is overwritten but with --force, and nothing is changed in a database but with --apply."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class ScaffoldCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "COLLECTION",
            description = "IDs of collections, such as stripe:subscription. Without --sample, --schema or --table some"
                    + " records are received, looked at, and given back.")
    private List<String> collections = new ArrayList<>();

    @Mixin
    private ShapeOptions shapes;

    @Option(
            names = "--table",
            paramLabel = "PATTERN",
            description = "With a collection the table that it is written to, such as acme.orders. Else tables to"
                    + " replicate, such as public.orders, 'public.*' or 'public.\"Order.Items\"'; * and ? stand for any"
                    + " characters, and one. Can be given several times.")
    private List<String> tables = new ArrayList<>();

    @Mixin
    private SourceOptions sourceOptions;

    @Option(
            names = "--soft-deletes",
            description =
                    "In replicas, mark deleted rows in a column deleted, and keep the versions in the rows, not in"
                            + " the ledger.")
    private boolean softDeletes;

    @Option(names = "--apply", description = "Also create in the target what is missing there, in one transaction.")
    private boolean apply;

    @Option(
            names = "--from",
            paramLabel = "COLLECTION",
            split = ",",
            description = "Ready-made collections such as stripe:invoice; list shows all.")
    private List<String> from = new ArrayList<>();

    @Option(names = "--force", description = "Write files anew that are there already.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        List<TablePattern> patterns = tables.stream().map(TablePattern::new).toList();
        SourceDatabase given = sourceOptions.source();
        String problem = problem(given);
        if (problem != null) {
            throw new ParameterException(spec.commandLine(), problem);
        }
        if (!from.isEmpty()) {
            return new ReadyMadeScaffold(spec.commandLine(), cli::settings).run(from, force, apply);
        }
        ScaffoldTarget folder =
                ScaffoldTarget.of(cli.settings(), collections.isEmpty() ? "stream" : "consume", spec.commandLine());
        return collections.isEmpty() ? replicas(folder, patterns, given) : collections(folder, patterns);
    }

    private String problem(SourceDatabase source) {
        if (!from.isEmpty() && !(collections.isEmpty() && tables.isEmpty())) {
            return tables.isEmpty()
                    ? "--from is for ready-made collections; separate them with a comma: --from "
                            + String.join(",", from) + "," + String.join(",", collections)
                    : "--from is for ready-made collections: neither name others, nor --table";
        } else if (collections.isEmpty() && shapes.isGiven()) {
            return "--sample, --schema and --data are for a collection: name it, such as stripe:subscription";
        } else if (collections.isEmpty() && tables.isEmpty() && from.isEmpty()) {
            return "Say what to scaffold: a collection such as stripe:subscription, --from with a ready-made one, or --table"
                    + " 'public.*' for replicas";
        } else if (!collections.isEmpty() && (source != null || softDeletes)) {
            return "--source and --soft-deletes are for replicas of tables, and not for a collection";
        } else if (!tables.isEmpty() && collections.size() > 1) {
            return "--table is for one collection: " + collections.size() + " are named";
        }
        return collections.isEmpty() ? null : CollectionScaffolding.problem(collections);
    }

    private int collections(ScaffoldTarget folder, List<TablePattern> patterns) throws Exception {
        String api = folder.settings().bundles().get(0).config().get(Keys.API);
        if (!api.equals("consume")) {
            throw new IllegalArgumentException("sequin.api is " + api
                    + ": its messages are changes of tables; scaffold their replicas with --table");
        } else if (patterns.size() > 1 || patterns.stream().anyMatch(pattern -> !pattern.isExact())) {
            throw new IllegalArgumentException("--table must name one table for a collection, such as acme.orders");
        }
        Map<String, RecordShape> known = shapes.read(collections);
        Consumer<String> out = spec.commandLine().getOut()::println;
        CollectionScaffold scaffold = new CollectionScaffold(folder.routes(), force, shapes.withData(), out);
        try (Standalone standalone = new Standalone(folder.settings(), Mode.CHECK)) {
            CollectionScaffolding scaffolding = new CollectionScaffolding(standalone, scaffold, known, out);
            try (Connection target = standalone.init().bundle().dataSource().getConnection()) {
                target.setAutoCommit(false);
                boolean isDone = scaffolding.plan(collections, patterns.isEmpty() ? null : patterns.get(0), target);
                target.rollback();
                List<Path> ddl = scaffold.writeDdl();
                if (apply) {
                    scaffold.apply(ddl, target);
                }
                scaffold.writeCollections();
                hint(ddl);
                return isDone ? 0 : 1;
            }
        }
    }

    private int replicas(ScaffoldTarget folder, List<TablePattern> patterns, SourceDatabase given) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Scaffold scaffold = new Scaffold(folder.routes(), force, out::println);
        try (Standalone standalone = new Standalone(folder.settings(), Mode.COMMAND);
                Connection target = standalone.init().bundle().dataSource().getConnection();
                Connection source = given == null ? null : given.connect()) {
            target.setAutoCommit(false);
            boolean isDone = new ReplicaScaffolding(
                            scaffold,
                            patterns,
                            softDeletes,
                            warning -> out.println("Warning: " + Printable.line(warning)))
                    .plan(source == null ? target : source, target);
            target.rollback();
            List<Path> ddl = scaffold.writeDdl();
            if (apply) {
                scaffold.apply(ddl, target);
            }
            scaffold.writeCollections();
            hint(ddl);
            return isDone ? 0 : 1;
        }
    }

    private void hint(List<Path> ddl) {
        if (!apply && !ddl.isEmpty()) {
            spec.commandLine()
                    .getOut()
                    .println("The target needs these first, with --apply, or with psql"
                            + ddl.stream().map(file -> " -f " + file).collect(Collectors.joining()));
        }
    }
}
