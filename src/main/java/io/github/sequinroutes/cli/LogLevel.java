package io.github.sequinroutes.cli;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the process logs. Loggers that the configuration of log4j names keep levels of their own. */
final class LogLevel {
    static final String DEFAULT = "info";

    /** At info they would tell what the bundle says itself, in one line. */
    private static final List<String> QUIET = List.of("org.apache.camel", "io.github.sequinroutes.collection.Start");

    /** What these warn of is how the process is stopped: what hangs is interrupted, and given up. */
    private static final List<String> QUIET_AT_STOP = List.of(
            "org.apache.camel.impl.engine.DefaultShutdownStrategy", "org.apache.camel.component.quartz.CamelJob");

    private static final Logger LOG = LoggerFactory.getLogger(LogLevel.class);

    private LogLevel() {}

    /** Has a stop tell what concerns its user, unless the level is one for those who want to know all. */
    static void quietStop(String level) {
        if (level.equals("debug") || level.equals("trace")) {
            return;
        }
        try {
            QUIET_AT_STOP.forEach(name -> Configurator.setLevel(name, Level.OFF));
        } catch (LinkageError e) {
            LOG.debug("Somebody has replaced log4j", e);
        }
    }

    /** Has nobody else log any more: the process is about to end. */
    static void only(Class<?> one) {
        try {
            Configurator.setLevel(one.getName(), Level.INFO);
            Configurator.setAllLevels(LogManager.ROOT_LOGGER_NAME, Level.OFF);
            Configurator.setLevel(one.getName(), Level.INFO);
        } catch (LinkageError e) {
            LOG.debug("Somebody has replaced log4j", e);
        }
    }

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
