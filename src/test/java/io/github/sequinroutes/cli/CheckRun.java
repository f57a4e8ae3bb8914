package io.github.sequinroutes.cli;

import io.github.sequinroutes.TestBundle;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code check} has printed, without the paths of the folders, and its exit status.
 *
 * @param status the exit status
 * @param lines  the lines, in their order
 */
record CheckRun(int status, List<String> lines) {
    /** Runs the command with the configuration of a bundle and these options. */
    static CheckRun of(TestBundle bundle, String... options) throws IOException {
        Path config = bundle.routes().resolve("application.properties");
        try (Writer writer = Files.newBufferedWriter(config)) {
            bundle.properties().store(writer, null);
        }
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("check", "--config=" + config));
        arguments.addAll(List.of(options));
        int status = Cli.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(arguments.toArray(String[]::new));
        List<String> lines = out.toString()
                .replace(bundle.routes().resolve("collections") + "/", "")
                .replace(bundle.routes() + "/", "")
                .lines()
                .toList();
        return new CheckRun(status, lines);
    }
}
