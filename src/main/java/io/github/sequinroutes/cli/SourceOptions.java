package io.github.sequinroutes.cli;

import io.github.sequinroutes.config.SourceDatabase;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Where the source database is. */
final class SourceOptions {
    private static final String PASSWORD = "SOURCE_PASSWORD";

    @Option(
            names = "--source",
            paramLabel = "URL",
            description = "JDBC URL of the database that changes are captured from, such as"
                    + " jdbc:postgresql://localhost:5432/shop. Its password: --source-password-file, or the environment"
                    + " variable SOURCE_PASSWORD.")
    private String url;

    @Option(names = "--source-user", paramLabel = "ROLE", description = "The role to ask the source with.")
    private String user;

    @Option(names = "--source-password-file", paramLabel = "FILE", description = "A file that holds its password.")
    private Path passwordFile;

    private final UnaryOperator<String> environment;

    SourceOptions() {
        this(System::getenv);
    }

    /** The same, with other variables. */
    SourceOptions(UnaryOperator<String> environment) {
        this.environment = environment;
    }

    /**
     * The source, or null if none is given.
     *
     * @throws IllegalArgumentException if it cannot be used
     */
    SourceDatabase source() {
        if (url == null && (user != null || passwordFile != null)) {
            throw new IllegalArgumentException(
                    "--source-user and --source-password-file are for --source, which is missing");
        }
        return url == null ? null : new SourceDatabase(url, user, passwordFile, environment.apply(PASSWORD));
    }
}
