package io.github.sequinroutes.bench;

import io.github.sequinroutes.testkit.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The standalone product in its folder, as {@code mvn package} leaves it, or left it before a change. */
record StandalonePackage(Path folder) {
    private static final String OPTIONS_FILE = "java.options";

    /** That of this build. */
    static final StandalonePackage BUILT = new StandalonePackage(Path.of("target", "standalone"));

    /** What its documentation has the JVM started with, where a package of long ago had no file of it. */
    List<String> options() {
        return Files.exists(folder.resolve(OPTIONS_FILE))
                ? List.of("@" + OPTIONS_FILE)
                : List.of("-Xmx256m", "-XX:+UseSerialGC");
    }

    /** Runs it with options of the JVM, in its folder: its archive of classes knows the jars by their relative names. */
    JavaProcess run(Path settings, Path log, List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(
                "-jar",
                "sequin-postgres-routes.jar",
                "run",
                "--config",
                settings.toAbsolutePath().toString()));
        return new JavaProcess(folder, log.toAbsolutePath(), arguments);
    }
}
