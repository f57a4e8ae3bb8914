package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.collection.CollectionFiles;
import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.template.TemplateStatement;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
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
        int wrong = 0;
        try (Standalone standalone = new Standalone(cli.settings(), Mode.CHECK)) {
            standalone.start();
            CollectionFiles files = standalone.bundle().files();
            files.warnings().forEach(warning -> out.println("Warning: " + warning));
            files.problems().forEach(out::println);
            List<TemplateStatement> templates = standalone.bundle().collections().sinks().stream()
                    .flatMap(sink -> sink.templates().stream())
                    .toList();
            try (Connection connection = standalone.dataSource().getConnection()) {
                for (TemplateStatement template : templates) {
                    try {
                        template.plan(connection);
                    } catch (SQLException e) {
                        if (!Failures.isReportedByServer(e)) {
                            throw e;
                        }
                        out.println(e.getMessage());
                        wrong++;
                    }
                }
            }
            String tables = standalone.bundle().database().problemOfTables();
            if (tables != null) {
                out.println(tables);
            }
            if (!files.problems().isEmpty()) {
                return 2;
            }
            out.printf("%d of %d templates can be used.%n", templates.size() - wrong, templates.size());
            return wrong == 0 && tables == null ? 0 : 1;
        }
    }
}
