package io.github.sequinroutes.cli;

import io.github.sequinroutes.assembly.Bundle;
import io.github.sequinroutes.assembly.Mode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Creates the bundle's own tables, or brings them to the version of this bundle. */
@Command(
        name = "migrate",
        description = "Create the bundle's own tables (schema sequin), or upgrade those of an earlier version.",
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
final class MigrateCommand implements Callable<Integer> {
    @ParentCommand
    private Cli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        try (Standalone standalone = new Standalone(cli.settings(), Mode.COMMAND)) {
            for (Bundle bundle : standalone.init().bundles()) {
                bundle.database().migrate();
                spec.commandLine()
                        .getOut()
                        .printf(
                                "The tables of schema sequin are there, in version %d.%n",
                                bundle.database().requireTables());
            }
        }
        return 0;
    }
}
