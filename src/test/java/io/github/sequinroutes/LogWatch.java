package io.github.sequinroutes;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What is logged while it is open, of lines that have a text in them: several tests run at once. */
public final class LogWatch extends AbstractAppender implements AutoCloseable {
    // a logger has one appender of each name
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String text;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> traces = new CopyOnWriteArrayList<>();

    /** Of lines with this text, such as the folder of the test. */
    public LogWatch(Object text) {
        super("watch-" + COUNT.incrementAndGet(), null, null, true, Property.EMPTY_ARRAY);
        this.text = text.toString();
        start();
        root().addAppender(this);
    }

    private static Logger root() {
        return ((LoggerContext) LogManager.getContext(false)).getRootLogger();
    }

    @Override
    public void append(LogEvent event) {
        String line = event.getLevel() + " " + event.getMessage().getFormattedMessage();
        if (line.contains(text)) {
            lines.add(line);
            if (event.getThrown() != null) {
                traces.add(line);
            }
        }
    }

    /** The lines that have this in them as well. */
    public List<String> lines(String part) {
        return lines.stream().filter(line -> line.contains(part)).toList();
    }

    /** The lines with a stack trace below. */
    public List<String> traces() {
        return traces;
    }

    @Override
    public void close() {
        root().removeAppender(this);
        stop();
    }
}
