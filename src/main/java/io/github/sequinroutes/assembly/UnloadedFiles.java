package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.failure.Problem;
import java.util.List;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;

/** What can be told of the files of collections without a database, a server, or a configuration that can be used. */
public final class UnloadedFiles {
    private UnloadedFiles() {}

    /**
     * What is wrong with the files, in the order of files and places.
     *
     * @param routes the URI of the folder with the routes
     */
    public static List<Problem> problems(String routes) {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Flow.addTo(context, routes);
            return new FolderCheck(context, routes + "/collections").problems();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
