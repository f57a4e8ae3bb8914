package io.github.sequinroutes.cli;

import java.io.InputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.engine.DefaultClassResolver;

/**
 * Looks once for what Camel looks for as it starts. A process of its own has one class path; Camel goes through its hundred
 * archives four times for each of the hundreds of files that are not there.
 */
final class OwnClassPath extends DefaultClassResolver {
    private static final String SERVICES = "META-INF/services/";

    OwnClassPath(CamelContext context) {
        super(context);
    }

    @Override
    public InputStream loadResourceAsStream(String uri) {
        return uri.startsWith(SERVICES)
                ? OwnClassPath.class.getClassLoader().getResourceAsStream(uri)
                : super.loadResourceAsStream(uri);
    }
}
