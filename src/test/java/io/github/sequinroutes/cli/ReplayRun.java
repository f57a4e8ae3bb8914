package io.github.sequinroutes.cli;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** The command {@code replay}, as a user types it. */
final class ReplayRun {
    private ReplayRun() {}

    /** Its exit status, and what it has printed. */
    record Result(int status, String output) {}

    /** Runs it with a bundle's configuration. */
    static Result of(TestBundle bundle, String... arguments) throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder("replay")) {
            Path config = folder.path().resolve("application.properties");
            try (var out = Files.newOutputStream(config)) {
                bundle.properties().store(out, null);
            }
            StringWriter output = new StringWriter();
            CommandLine cli = Cli.commandLine().setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
            List<String> all = new ArrayList<>(List.of("replay", "--config", config.toString()));
            all.addAll(List.of(arguments));
            return new Result(cli.execute(all.toArray(String[]::new)), output.toString());
        }
    }
}
