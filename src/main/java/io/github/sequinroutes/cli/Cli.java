package io.github.sequinroutes.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line. Exit status 0: done, 1: failed, 2: wrong usage or configuration. */
@Command(
        name = "sequin-postgres-routes",
        description = "Keeps PostgreSQL tables equal to what Sequin streams.",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            PlanCommand.class,
            ScaffoldCommand.class,
            ReplayCommand.class,
            MigrateCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Cli.Version.class)
public final class Cli implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration to use instead of application.properties in the working directory.")
    private Path config;

    @Option(
            names = "--bundle",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The one of sequin.bundles that is meant; without it all are.")
    private String bundle;

    /** Runs a command and exits with its status. */
    public static void main(String[] arguments) {
        boolean runs = runs(arguments);
        if (runs) {
            Stop.install();
        }
        if (runs) {
            // names are looked up by others than what serves health, which would load a resolver of its own for itself
            System.setProperty("vertx.disableDnsResolver", "true");
        }
        // what a command that ends by itself has to say is its output, not the story of its routes
        System.setProperty("log.level", runs ? "info" : "warn");
        int status = UserErrors.FAILED;
        try {
            status = execute(arguments);
        } catch (Error e) {
            // such as of a jar that is missing: a supervisor must not take it for an end that was asked for
            Thread main = Thread.currentThread();
            main.getUncaughtExceptionHandler().uncaughtException(main, e);
        }
        Stop.end(status);
    }

    /** Whether the command is the one that runs until it is stopped. Without a stream, which takes time to load. */
    private static boolean runs(String... arguments) {
        for (String argument : arguments) {
            if (argument.equals("check")
                    || argument.equals("plan")
                    || argument.equals("scaffold")
                    || argument.equals("replay")
                    || argument.equals("migrate")) {
                return false;
            }
        }
        return true;
    }

    static int execute(String... arguments) {
        Cli plain = plainRun(arguments);
        return plain == null ? commandLine().execute(arguments) : plain.runPlainly();
    }

    /** Most runs, which need no parser: to load it takes a tenth of the start. Null if it is for the parser to say. */
    private static Cli plainRun(String... arguments) {
        int first = arguments.length > 0 && arguments[0].equals("run") ? 1 : 0;
        Cli cli = new Cli();
        if (arguments.length == first) {
            return cli;
        }
        boolean hasFile = arguments.length == first + 2 && arguments[first].equals("--config");
        if (!hasFile || arguments[first + 1].startsWith("-")) {
            return null;
        }
        cli.config = Path.of(arguments[first + 1]);
        return cli;
    }

    private int runPlainly() {
        try {
            return call();
        } catch (Exception e) {
            return UserErrors.report(e, new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Cli())
                .setParameterExceptionHandler((wrong, arguments) -> UserErrors.reportUsage(wrong))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> UserErrors.report(failure, command.getErr()));
    }

    /** The file with the configuration, which need not be there. */
    Path config() {
        return config == null ? Settings.DEFAULT_FILE : config;
    }

    Settings settings() {
        Settings settings = silentSettings();
        if (settings.log().equals(LogFormat.JSON)) {
            LogFormat.useJson();
        }
        Logger log = LoggerFactory.getLogger(Cli.class);
        settings.warnings().forEach(log::warn);
        return settings;
    }

    /** The same, without a word about what is doubtful in it. */
    Settings silentSettings() {
        return silentSettings(Set.of());
    }

    /** The same without some keys, of which it has been told that they are none. */
    Settings silentSettings(Set<String> without) {
        Settings settings = Settings.load(config, without);
        return bundle == null ? settings : settings.only(bundle);
    }

    /** The file with the configuration, which need not be there. */
    Path configFile() {
        return config == null ? Path.of("application.properties") : config;
    }

    @Override
    public Integer call() throws Exception {
        return RunCommand.run(settings(), config());
    }

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "sequin-postgres-routes " + Cli.class.getPackage().getImplementationVersion()
            };
        }
    }
}
