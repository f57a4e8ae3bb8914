package io.github.sequinroutes.assembly;

import io.github.sequinroutes.check.TemplateChecks;
import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.collection.SinkTemplates;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        return read(routes, folder -> {
            List<Problem> problems = new ArrayList<>(folder.problems());
            for (SinkTemplates sink : format == null ? List.<SinkTemplates>of() : folder.sinks()) {
                sink.all().forEach(one -> problems.addAll(TemplateChecks.ofText(one, sink.hasSteps(), format)));
            }
            return problems.stream().distinct().sorted().toList();
        });
    }

    /** The IDs of the collections for which there are routes, with {@code *} if there is one for any. */
    public static Set<String> collections(String routes) {
        return read(routes, folder -> folder.sinks().stream()
                .map(SinkTemplates::collection)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
    }

    private static <T> T read(String routes, Function<FolderCheck, T> reader) {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            Flow.addTo(context, routes);
            return reader.apply(new FolderCheck(context, routes + "/collections"));
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
