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

/** A command, as a user types it, in this process. */
final class CommandRun {
    private CommandRun() {}

    /** Its exit status, and what it has printed, without the folder of the routes. */
    record Result(int status, String output) {
        List<String> lines() {
            return output.lines().toList();
        }
    }

    /** Runs it with a bundle's configuration. */
    static Result of(TestBundle bundle, String... arguments) throws Exception {
        try (TemporaryFolder folder = new TemporaryFolder("command")) {
            Path config = folder.path().resolve("application.properties");
            try (var out = Files.newOutputStream(config)) {
                bundle.properties().store(out, null);
            }
            StringWriter output = new StringWriter();
            CommandLine cli = Cli.commandLine().setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
            List<String> all = new ArrayList<>(List.of(arguments));
            all.add("--config=" + config);
            int status = cli.execute(all.toArray(String[]::new));
            return new Result(status, output.toString().replace(bundle.routes() + "/collections/", ""));
        }
    }
}
