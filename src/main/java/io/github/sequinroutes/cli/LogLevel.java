package io.github.sequinroutes.cli;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the process logs. Loggers that the configuration of log4j names keep levels of their own. */
final class LogLevel {
    static final String DEFAULT = "info";

    /** At info they would tell what the bundle says itself, in one line. */
    private static final List<String> QUIET = List.of("org.apache.camel", "io.github.sequinroutes.collection.Start");

    private static final Logger LOG = LoggerFactory.getLogger(LogLevel.class);

    private LogLevel() {}

    /** Sets it, such as {@code debug}. */
    static void set(String level) {
        try {
            Level wanted = Level.valueOf(level);
            Configurator.setRootLevel(wanted);
            QUIET.forEach(name -> Configurator.setLevel(name, wanted.equals(Level.INFO) ? Level.WARN : wanted));
        } catch (LinkageError e) {
            LOG.debug("Somebody has replaced log4j", e);
            LOG.warn("The level of the log cannot be set without log4j.");
        }
    }
}
