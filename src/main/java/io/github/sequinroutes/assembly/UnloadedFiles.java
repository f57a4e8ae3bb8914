package io.github.sequinroutes.assembly;

import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.collection.SinkTemplates;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import java.util.ArrayList;
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
     * @param format how the API lays out the messages, or null if that is not known: then templates are not looked into
     */
    public static List<Problem> problems(String routes, MessageFormat format) {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Flow.addTo(context, routes);
            FolderCheck folder = new FolderCheck(context, routes + "/collections");
            List<Problem> problems = new ArrayList<>(folder.problems());
            for (SinkTemplates sink : format == null ? List.<SinkTemplates>of() : folder.sinks()) {
                sink.all().forEach(one -> problems.addAll(TemplateChecks.ofText(one, sink.hasSteps(), format)));
            }
            return problems.stream().distinct().sorted().toList();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
