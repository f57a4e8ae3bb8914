package io.github.sequinroutes.cli;

import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.ConsoleAppender;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What lines of the log look like: as log4j's configuration says, or JSON, an object a line, whatever that says. */
final class LogFormat {
    static final String TEXT = "text";
    static final String JSON = "json";

    private static final Logger LOG = LoggerFactory.getLogger(LogFormat.class);

    private LogFormat() {}

    /** Uses JSON from now on. Nothing of it is loaded by those who do not want it. */
    static void useJson() {
        try {
            LoggerContext context = (LoggerContext) LogManager.getContext(false);
            Configuration configuration = context.getConfiguration();
            for (Appender appender : configuration.getAppenders().values().toArray(Appender[]::new)) {
                if (appender instanceof ConsoleAppender console) {
                    replace(console, configuration);
                }
            }
            context.updateLoggers();
        } catch (LinkageError | ClassCastException e) {
            LOG.debug("Somebody has replaced log4j", e);
            LOG.warn("sequin.log=json needs log4j and its log4j-layout-template-json. The log stays as it is.");
        }
    }

    private static void replace(ConsoleAppender console, Configuration configuration) {
        ConsoleAppender replacement = ConsoleAppender.newBuilder()
                .setName(console.getName())
                .setTarget(console.getTarget())
                .setFilter(console.getFilter())
                .setLayout(new JsonLines(configuration))
                .setConfiguration(configuration)
                .build();
        replacement.start();
        for (LoggerConfig logger : configuration.getLoggers().values()) {
            for (AppenderRef reference : logger.getAppenderRefs()) {
                if (reference.getRef().equals(console.getName())) {
                    logger.removeAppender(console.getName());
                    logger.addAppender(replacement, reference.getLevel(), reference.getFilter());
                }
            }
        }
        configuration.getAppenders().put(console.getName(), replacement);
        console.stop();
    }
}
