package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFile.Route;
import io.github.sequinroutes.collection.YamlText.WrongException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one file with routes of collections, and finds what is wrong with it before Camel has it. */
final class CollectionFileReader {
    /** What an item of a file can be, for Camel. */
    private static final Set<String> ITEMS = Set.of(
            "templatedRoute", "route", "from", "routeTemplate", "routeConfiguration", "beans", "onException", "rest");

    private static final String FOLDER = "/collections/";

    private final CamelContext context;
    private final CollectionFolder folder;
    private final CollectionFile file;
    private final YamlText yaml;
    private final List<Route> routes = new ArrayList<>();
    private final Set<String> sqlFiles = new TreeSet<>();
    private final SqlFiles templates;

    private CollectionFileReader(CamelContext context, CollectionFolder folder, CollectionFile file) {
        this.context = context;
        this.folder = folder;
        this.file = file;
        yaml = new YamlText(file.location());
        templates = new SqlFiles(context, folder);
    }

    /** Reads a file; whatever is wrong with it is in the result. */
    static CollectionFile read(CamelContext context, CollectionFolder folder, String name) {
        String location = folder.location(name);
        try {
            String text = CollectionFolder.text(folder.read(name));
            return new CollectionFileReader(context, folder, file(name, location, text, null)).read();
        } catch (CharacterCodingException e) {
            return file(name, location, "", location + ":1:1: is not UTF-8");
        } catch (IOException e) {
            return file(name, location, "", location + ":1:1: cannot be read (" + SqlFiles.reason(e) + ")");
        }
    }

    private static CollectionFile file(String name, String location, String text, String problem) {
        return new CollectionFile(name, location, text, List.of(), Set.of(), Map.of(), List.of(), false, problem);
    }

    private CollectionFile read() {
        String problem = file.name().startsWith(CollectionFolder.BESIDE)
                ? file.location()
                        + ":1:1: the file of a collection must be in the folder collections; move it there, and "
                        + "the SQL files that it names"
                : null;
        boolean complete = false;
        try {
            Node root = yaml.root(file.text());
            findSqlFiles(root);
            complete = findCollections(root);
            for (Node item : yaml.items(root, "the file")) {
                check(item);
            }
        } catch (WrongException e) {
            problem = problem == null ? e.getMessage() : problem;
        }
        return new CollectionFile(
                file.name(),
                file.location(),
                file.text(),
                routes,
                sqlFiles,
                templates.templates(),
                templates.sinks(),
                complete,
                problem);
    }

    /** Whatever the file is wrong about, its messages shall be known by the collections it is for. */
    private boolean findCollections(Node root) {
        if (!(root instanceof SequenceNode list)) {
            return false;
        }
        boolean complete = true;
        for (Node item : list.getValue()) {
            int before = routes.size();
            Node templated = YamlText.get(item, "templatedRoute");
            Node route = YamlText.get(item, "route");
            if (templated != null) {
                String id = YamlText.text(YamlText.get(templated, "routeId"));
                YamlText.visit(templated, node -> {
                    String value = YamlText.text(YamlText.get(node, "value"));
                    if ("collection".equals(YamlText.text(YamlText.get(node, "name"))) && value != null) {
                        routes.add(new Route(CollectionRoutes.resolved(context, value), id, yaml.place(templated)));
                    }
                });
                complete &= routes.size() > before || isOfAnotherTemplate(templated);
            } else if (route != null) {
                OrdinaryRoute ordinary = new OrdinaryRoute(context, route);
                String collection = isOfCollection(ordinary) ? ordinary.collection() : null;
                routes.add(new Route(collection, YamlText.text(YamlText.get(route, "id")), yaml.place(route)));
                complete &= !ordinary.isAstray();
            } else {
                complete &= isKnown(item);
            }
        }
        return complete;
    }

    private boolean isOfAnotherTemplate(Node templated) {
        String template = YamlText.text(YamlText.get(templated, "routeTemplateRef"));
        List<String> parameters = template == null ? null : RouteTemplates.parameters(context, template);
        return parameters != null && !parameters.contains("collection");
    }

    private static boolean isKnown(Node item) {
        return item instanceof MappingNode object
                && object.getValue().stream().allMatch(entry -> ITEMS.contains(YamlText.text(entry.getKeyNode())));
    }

    /** Whether it says so, or else begins where the messages of one come, and no other route sends to it. */
    private boolean isOfCollection(OrdinaryRoute route) {
        if (route.collection() == null || route.hasGroup()) {
            return route.collection() != null;
        }
        Pattern mention =
                Pattern.compile("(direct:(//)?|name: *[\"']?)" + Pattern.quote(route.collection()) + "(?![\\w.:-])");
        // its own beginning is one
        return folder.routeTexts().stream()
                        .mapToLong(text -> mention.matcher(text).results().count())
                        .sum()
                == 1;
    }

    /** So that a file that is fixed, or missing, is looked at again. */
    private void findSqlFiles(Node root) {
        YamlText.visit(root, node -> {
            String value = YamlText.text(node);
            if (value != null && value.endsWith(".sql")) {
                int folderEnd = value.lastIndexOf(FOLDER);
                sqlFiles.add(folderEnd < 0 ? value : value.substring(folderEnd + FOLDER.length()));
            }
        });
    }

    private void check(Node item) throws WrongException {
        for (NodeTuple entry : yaml.entries(item, "an item of the file")) {
            String kind = YamlText.text(entry.getKeyNode());
            if (kind == null) {
                throw yaml.wrong(entry.getKeyNode(), "must be a name such as templatedRoute");
            }
            String hint = ITEMS.contains(kind) ? "" : DidYouMean.hint(kind, ITEMS);
            if (!hint.isEmpty()) {
                throw yaml.wrong(entry.getKeyNode(), kind + " is nothing that a file of routes can have" + hint);
            }
            if (kind.equals("route")) {
                checkRoute(entry.getValueNode());
            } else if (kind.equals("templatedRoute")) {
                new TemplatedRouteCheck(context, yaml, templates).check(entry.getValueNode());
            }
        }
    }

    private void checkRoute(Node route) throws WrongException {
        OrdinaryRoute ordinary = new OrdinaryRoute(context, route);
        for (Node sink : ordinary.sinks()) {
            new SinkCheck(yaml, templates).checkStep(sink);
        }
        for (Node kamelet : ordinary.kamelets()) {
            new SinkCheck(yaml, templates).checkName(kamelet);
        }
        if (ordinary.collection() != null) {
            for (Node step : UnsplitConditions.of(route)) {
                throw yaml.wrong(
                        step,
                        OrdinaryRoute.name(step) + " stands under a condition, which is asked of the whole batch: put "
                                + "a split with the expression ${body} around it, then it is asked of each message");
            }
        }
        boolean isSilent = ordinary.sinks().isEmpty() && !ordinary.sends();
        if (isSilent && !ordinary.hasGroup() && isOfCollection(ordinary)) {
            throw yaml.wrong(
                    route,
                    "the route of " + ordinary.collection() + " says of no message what becomes of it: let it end with "
                            + "kamelet:postgres-upsert-sink, or with kamelet:drop-sink if that is on purpose");
        }
    }
}
