package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.check.CheckedCollection;
import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.config.SourceDatabase;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.source.SourceWarnings;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.write.UpsertSink;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks every template against the live schema, and writes nothing. */
@Command(
        name = "check",
        description = "Check the configuration, the routes, and every template against the live schema; write nothing.",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private SourceOptions sourceOptions;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        SourceDatabase source = sourceOptions.source();
        int status = 0;
        try (Standalone standalone = new Standalone(cli.settings(), Mode.CHECK)) {
            standalone.start();
            for (Bundle bundle : standalone.bundles()) {
                String prefix =
                        standalone.bundles().size() > 1 ? bundle.config().name() + ": " : "";
                Consumer<String> lines = line -> out.println(prefix + line);
                if (source != null) {
                    ask(source, bundle, standalone.context(), lines);
                }
                status = Math.max(status, check(bundle, lines));
            }
        }
        return status;
    }

    /** Warns of what will not come of the source's tables, or of its server: none of it makes the bundle's files wrong. */
    private static void ask(SourceDatabase source, Bundle bundle, CamelContext context, Consumer<String> out)
            throws SQLException {
        Consumer<String> warnings = warning -> out.accept("Warning: " + Printable.line(warning));
        if (!bundle.config().get(Keys.API).equals("stream")) {
            warnings.accept("--source is for the Stream API, and sequin.api is "
                    + bundle.config().get(Keys.API));
            return;
        }
        try (Connection connection = source.connect()) {
            new SourceWarnings(connection, warnings)
                    .check(bundle.files().routes(context).collections());
        }
    }

    /** Checks one, and returns the exit status. */
    private static int check(Bundle bundle, Consumer<String> out) throws SQLException {
        CollectionFiles files = bundle.files();
        files.warnings().forEach(warning -> out.accept("Warning: " + warning));
        files.problems().forEach(out);
        List<CheckedCollection> collections =
                bundle.collections().sinks().stream().map(UpsertSink::checked).toList();
        List<Problem> problems;
        try (Connection connection = bundle.dataSource().getConnection()) {
            problems = TemplateChecks.check(connection, collections);
        }
        problems.forEach(problem -> out.accept(problem.toString()));
        Set<String> wrongFiles = problems.stream()
                .filter(problem -> !problem.isWarning())
                .map(Problem::file)
                .collect(Collectors.toSet());
        List<Template> templates = collections.stream()
                .flatMap(collection -> Stream.of(collection.upsert(), collection.delete()))
                .filter(Objects::nonNull)
                .toList();
        long wrong = templates.stream()
                .filter(template -> wrongFiles.contains(template.file()))
                .count();
        String tables = bundle.database().problemOfTables();
        if (tables != null) {
            out.accept(tables);
        }
        if (!files.problems().isEmpty()) {
            return 2;
        }
        out.accept("%d of %d templates can be used.".formatted(templates.size() - wrong, templates.size()));
        return wrong == 0 && tables == null ? 0 : 1;
    }
}
