package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.template.TemplateStatement;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has the server plan every template, and writes nothing. */
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

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        int status = 0;
        try (Standalone standalone = new Standalone(cli.settings(), Mode.CHECK)) {
            standalone.start();
            for (Bundle bundle : standalone.bundles()) {
                String prefix =
                        standalone.bundles().size() > 1 ? bundle.config().name() + ": " : "";
                status = Math.max(status, check(bundle, line -> out.println(prefix + line)));
            }
        }
        return status;
    }

    /** Checks one, and returns the exit status. */
    private static int check(Bundle bundle, Consumer<String> out) throws SQLException {
        CollectionFiles files = bundle.files();
        files.warnings().forEach(warning -> out.accept("Warning: " + warning));
        files.problems().forEach(out);
        List<TemplateStatement> templates = bundle.collections().sinks().stream()
                .flatMap(sink -> sink.templates().stream())
                .toList();
        int wrong = 0;
        try (Connection connection = bundle.dataSource().getConnection()) {
            for (TemplateStatement template : templates) {
                try {
                    template.plan(connection);
                } catch (SQLException e) {
                    if (!Failures.isReportedByServer(e)) {
                        throw e;
                    }
                    out.accept(e.getMessage());
                    wrong++;
                }
            }
        }
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
