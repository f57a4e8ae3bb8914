package io.github.sequinroutes.assembly;

import io.github.sequinroutes.collection.FolderCheck;
import io.github.sequinroutes.collection.PlacedText;
import io.github.sequinroutes.collection.TemplatedCollection;
import io.github.sequinroutes.config.BundleConfig;
import io.github.sequinroutes.config.Keys;
import io.github.sequinroutes.failure.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** Finds collections that have a route, and are to be ignored all the same: the route wins, lest messages be lost. */
final class IgnoredRoutes {
    private IgnoredRoutes() {}

    /** Each of those that are loaded, at the place of its route. */
    static List<Problem> problems(CamelContext context, BundleConfig config, Set<String> loaded) {
        List<String> both = config.get(Keys.IGNORE).stream()
                .filter(loaded::contains)
                .distinct()
                .sorted()
                .toList();
        if (both.isEmpty()) {
            return List.of();
        }
        String folder = config.routesUri() + "/collections";
        FolderCheck check = new FolderCheck(context, folder);
        Map<String, String> places = check.collections().stream()
                .collect(Collectors.toMap(TemplatedCollection::id, TemplatedCollection::place, (one, other) -> one));
        places.putAll(check.withSteps());
        return both.stream()
                .map(id -> (places.containsKey(id) ? places.get(id) + ": " : "") + "this route is for " + id
                        + ", which sequin.ignore names: the route wins, and its messages are written; take it out of"
                        + " sequin.ignore, or remove the route")
                .map(text -> PlacedText.read(text, folder))
                .toList();
    }
}
