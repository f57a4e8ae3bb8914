package io.github.sequinroutes.cli;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.layout.AbstractStringLayout;
import org.apache.logging.log4j.layout.template.json.JsonTemplateLayout;

/**
 * A line of the log as JSON, with the names of the Elastic Common Schema. JSON leaves some characters as they are that drive
 * a terminal or that some take for the end of a line: they are escaped, too.
 */
final class JsonLines extends AbstractStringLayout {
    private static final Pattern UNSAFE = Pattern.compile("[\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]");

    private final JsonTemplateLayout json;

    JsonLines(Configuration configuration) {
        super(StandardCharsets.UTF_8);
        json = JsonTemplateLayout.newBuilder()
                .setConfiguration(configuration)
                .setCharset(StandardCharsets.UTF_8)
                .setEventTemplateUri("classpath:EcsLayout.json")
                .build();
    }

    @Override
    public String toSerializable(LogEvent event) {
        return UNSAFE.matcher(json.toSerializable(event))
                .replaceAll(match -> "\\\\u%04x".formatted((int) match.group().charAt(0)));
    }

    @Override
    public String getContentType() {
        return json.getContentType();
    }
}
