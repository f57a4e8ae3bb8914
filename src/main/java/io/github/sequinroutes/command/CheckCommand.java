package io.github.sequinroutes.command;

import io.github.sequinroutes.bind.RecordBinder;
import io.github.sequinroutes.bind.TemplateException;
import io.github.sequinroutes.bundle.CollectionFiles;
import java.io.PrintWriter;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.camel.component.sql.SqlEndpoint;
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
        CollectionFiles files = new CollectionFiles(true);
        try (Standalone standalone = new Standalone(cli.settings(), false, files)) {
            standalone.start();
            files.warnings().forEach(warning -> out.println("Warning: " + warning));
            files.problems().forEach(out::println);
            List<RecordBinder> binders = standalone.context().getEndpoints().stream()
                    .filter(SqlEndpoint.class::isInstance)
                    .map(endpoint -> ((SqlEndpoint) endpoint).getPrepareStatementStrategy())
                    .filter(RecordBinder.class::isInstance)
                    .map(RecordBinder.class::cast)
                    .filter(RecordBinder::hasTemplate)
                    .distinct()
                    .toList();
            try (Connection connection = standalone.dataSource().getConnection()) {
                for (RecordBinder binder : binders) {
                    try {
                        binder.check(connection);
                    } catch (TemplateException e) {
                        out.println(e.getMessage());
                        wrong++;
                    }
                }
            }
            if (!files.problems().isEmpty()) {
                return 2;
            }
            out.printf("%d of %d templates can be used.%n", binders.size() - wrong, binders.size());
        }
        return wrong == 0 ? 0 : 1;
    }
}
