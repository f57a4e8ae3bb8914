package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFile.Route;
import io.github.sequinroutes.collection.Utf8.NotUtf8Exception;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds everything that is wrong with the files of the folder {@code collections}, in all of them at once. It loads nothing,
 * and asks no database.
 */
public final class FolderCheck {
    private static final String UNSUPPORTED = ": Unsupported field: ";

    /** What most ordinary routes are made of. */
    private static final Set<String> OF_ROUTES = Set.of(
            "id",
            "group",
            "from",
            "uri",
            "parameters",
            "steps",
            "to",
            "kamelet",
            "split",
            "filter",
            "choice",
            "when",
            "otherwise",
            "expression",
            "simple",
            "jsonpath",
            "setBody",
            "setHeader",
            "stop",
            "bean",
            "description");

    private final CamelContext context;
    private final CollectionFolder folder;

    /**
     * A check of a folder.
     *
     * @param context has the route templates that the files name; what runs in it is not looked at
     * @param uri     the folder, e.g. {@code file:/app/routes/collections}
     */
    public FolderCheck(CamelContext context, String uri) {
        this.context = context;
        folder = new CollectionFolder(context, uri);
    }

    /** What is wrong or doubtful, in the order of files and places. */
    public List<Problem> problems() {
        return problems(List.of());
    }

    /** The same, with what was found when the files were loaded, unless the same place has a problem without that. */
    public List<Problem> problems(Collection<String> whenLoaded) {
        List<Problem> problems = new ArrayList<>();
        try {
            Set<String> names = folder.names();
            List<CollectionFile> files = files(names);
            files.forEach(file -> problems.addAll(file.problems()));
            problems.addAll(conflicts(files));
            problems.addAll(folder.straysBeside());
            problems.addAll(StrayFiles.in(folder, names, files));
            String mentions = mentions(names, problems);
            problems.removeIf(stray -> isUnusedSql(stray) && mentions.contains(nameOf(stray.file())));
        } catch (IOException e) {
            String problem = "the folder cannot be read (" + SqlFiles.reason(e) + ")";
            problems.add(new Problem(folder.location(""), 1, 1, false, problem));
        }
        for (String line : whenLoaded) {
            Problem problem = PlacedText.read(line + hint(line), folder.location(""));
            boolean isKnown = problems.stream()
                    .anyMatch(known -> !known.isWarning() && known.file().equals(problem.file()));
            if (!isKnown) {
                problems.add(problem);
            }
        }
        return problems.stream().distinct().sorted().toList();
    }

    /** What names files, though these are not found, or the file that does so is not loaded: which is told already. */
    private String mentions(Set<String> names, List<Problem> problems) {
        StringBuilder mentions = new StringBuilder();
        problems.stream()
                .filter(problem -> problem.text().startsWith("there is no file"))
                .forEach(problem -> mentions.append(problem.text()).append('\n'));
        names.stream().filter(StrayFiles::isLikeARoute).forEach(name -> mentions.append(folder.rawText(name))
                .append('\n'));
        return mentions.toString();
    }

    private static boolean isUnusedSql(Problem problem) {
        return problem.isWarning()
                && nameOf(problem.file()).toLowerCase(Locale.ROOT).contains(".sql");
    }

    private static String nameOf(String file) {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** What is likely meant by a name that Camel does not know. */
    private static String hint(String problem) {
        int name = problem.indexOf(UNSUPPORTED);
        return name < 0 ? "" : Nearest.hint(problem.substring(name + UNSUPPORTED.length()), OF_ROUTES);
    }

    private List<CollectionFile> files(Set<String> names) {
        return names.stream()
                .filter(CollectionFiles::isRouteFile)
                .map(name -> CollectionFileReader.read(context, folder, name))
                .toList();
    }

    private static List<Problem> conflicts(List<CollectionFile> files) {
        List<Problem> problems = new ArrayList<>(conflicts(
                files, Route::id, Route::idPlace, "the route at %s has the same ID %s; give one of them another"));
        problems.addAll(conflicts(
                files,
                Route::collection,
                Route::collectionPlace,
                "the route at %s is for the same collection %s; remove one of them"));
        return problems;
    }

    private static List<Problem> conflicts(
            List<CollectionFile> files, Function<Route, String> name, Function<Route, String> place, String text) {
        Map<String, Map<String, String>> places = new LinkedHashMap<>();
        for (CollectionFile file : files) {
            for (Route route : file.routes()) {
                if (name.apply(route) != null) {
                    // one route may say twice what it is for, which is another problem
                    places.computeIfAbsent(name.apply(route), any -> new LinkedHashMap<>())
                            .putIfAbsent(route.place(), place.apply(route));
                }
            }
        }
        List<Problem> problems = new ArrayList<>();
        places.forEach((value, byRoute) -> {
            List<String> all = List.copyOf(byRoute.values());
            for (int i = 0; all.size() > 1 && i < all.size(); i++) {
                String other = all.get(i == 0 ? 1 : 0);
                problems.add(PlacedText.read(all.get(i) + ": " + text.formatted(other, value), ""));
            }
        });
        return problems;
    }

    /**
     * The collections whose routes write each record as it comes, as far as their files can be used: those of the bundle's
     * template, and ordinary ones that do nothing else.
     */
    public List<TemplatedCollection> collections() {
        List<TemplatedCollection> collections = new ArrayList<>();
        try {
            for (CollectionFile file : files(folder.names())) {
                YamlText yaml = new YamlText(file.location());
                for (Node item : items(file)) {
                    Node route = YamlText.get(item, "templatedRoute");
                    if (RouteTemplates.COLLECTION.equals(YamlText.text(YamlText.get(route, "routeTemplateRef")))) {
                        Map<String, Node> values = values(route);
                        Node id = values.get("collection");
                        collections.add(collection(
                                values, CollectionRoutes.resolved(context, YamlText.text(id)), yaml.place(id)));
                    } else if (YamlText.get(item, "route") != null) {
                        OrdinaryRoute ordinary = new OrdinaryRoute(context, YamlText.get(item, "route"));
                        Node sink = ordinary.onlyStep();
                        if (ordinary.collection() != null && sink != null) {
                            collections.add(collection(
                                    OrdinaryRoute.parameters(sink), ordinary.collection(), yaml.place(item)));
                        }
                    }
                }
            }
        } catch (IOException | NotUtf8Exception | TemplateException e) {
            return collections; // which is a problem that is told as such
        }
        return collections;
    }

    /** What the routes write with, as far as nothing is wrong with its files. */
    public List<SinkTemplates> sinks() {
        try {
            return files(folder.names()).stream()
                    .flatMap(file -> file.sinks().stream())
                    .toList();
        } catch (IOException e) {
            return List.of(); // which is a problem that is told as such
        }
    }

    /** The collections whose routes have steps of their own, each with the place of its route. */
    public Map<String, String> withSteps() {
        Map<String, String> places = new LinkedHashMap<>();
        try {
            for (CollectionFile file : files(folder.names())) {
                for (Node item : items(file)) {
                    Node route = YamlText.get(item, "route");
                    OrdinaryRoute ordinary = route == null ? null : new OrdinaryRoute(context, route);
                    if (ordinary != null && ordinary.collection() != null && ordinary.onlyStep() == null) {
                        places.put(ordinary.collection(), new YamlText(file.location()).place(item));
                    }
                }
            }
        } catch (IOException e) {
            return places; // which is a problem that is told as such
        }
        return places;
    }

    private static List<Node> items(CollectionFile file) {
        Node root = file.problem() == null ? new YamlText(file.location()).root(file.text()) : null;
        return root instanceof SequenceNode list ? list.getValue() : List.of();
    }

    private static Map<String, Node> values(Node templatedRoute) {
        Map<String, Node> values = new LinkedHashMap<>();
        for (Node parameter : ((SequenceNode) YamlText.get(templatedRoute, "parameters")).getValue()) {
            values.put(YamlText.text(YamlText.get(parameter, "name")), YamlText.get(parameter, "value"));
        }
        return values;
    }

    private TemplatedCollection collection(Map<String, Node> values, String id, String place)
            throws IOException, NotUtf8Exception {
        SqlFiles files = new SqlFiles(context, folder);
        String delete = YamlText.text(values.get("delete"));
        return new TemplatedCollection(
                id,
                place,
                files.read(context.resolvePropertyPlaceholders(YamlText.text(values.get("upsert")))),
                delete == null || delete.isEmpty() ? null : files.read(context.resolvePropertyPlaceholders(delete)));
    }
}
