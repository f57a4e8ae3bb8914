package io.github.sequinroutes.cli;

import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Whose collections are written, and where.
 *
 * @param settings of the one bundle
 * @param routes   the folder of its routes
 */
record ScaffoldTarget(Settings settings, Path routes) {
    /**
     * Reads it from the configuration, and warns if that is for another API.
     *
     * @param api that of the messages for which the files will be
     * @throws IllegalArgumentException if no folder can be written
     */
    static ScaffoldTarget of(Settings settings, String api, CommandLine commandLine) {
        if (settings.bundles().size() > 1) {
            throw new ParameterException(
                    commandLine, "Say whose collections: --bundle with one of " + String.join(", ", settings.names()));
        }
        BundleConfig config = settings.bundles().get(0).config();
        if (config.routesUri().startsWith("classpath:")) {
            throw new IllegalArgumentException(
                    "sequin.routes is on the class path, where nothing can be written: name a folder");
        }
        PrintWriter out = commandLine.getOut();
        if (!config.get(Keys.API).equals(api)) {
            String name = api.equals("stream") ? "Stream" : "Consume";
            out.println("Warning: what is written is for the " + name + " API, and sequin.api is "
                    + config.get(Keys.API) + "; set sequin.api=" + api);
        }
        return new ScaffoldTarget(settings, Path.of(config.get(Keys.ROUTES)));
    }
}
