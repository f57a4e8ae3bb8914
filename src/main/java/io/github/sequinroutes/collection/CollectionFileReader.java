package io.github.sequinroutes.collection;

import io.github.sequinroutes.collection.CollectionFile.Route;
import io.github.sequinroutes.collection.Utf8.NotUtf8Exception;
import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
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

    private static final String TEMPLATED = "templatedRoute";
    private static final String FOLDER = "/collections/";

    private final CamelContext context;
    private final CollectionFolder folder;
    private final CollectionFile file;
    private final YamlText yaml;
    private final List<Route> routes = new ArrayList<>();
    private final IdentityHashMap<Node, String> collections = new IdentityHashMap<>();
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
            String text = Utf8.text(folder.read(name));
            return new CollectionFileReader(context, folder, file(name, location, text, List.of())).read();
        } catch (NotUtf8Exception e) {
            Problem problem = new Problem(location, e.line, e.column, false, e.getMessage());
            return file(name, location, "", List.of(problem));
        } catch (IOException e) {
            String problem = "cannot be read (" + SqlFiles.reason(e) + ")";
            return file(name, location, "", List.of(new Problem(location, 1, 1, false, problem)));
        }
    }

    private static CollectionFile file(String name, String location, String text, List<Problem> problems) {
        return new CollectionFile(name, location, text, List.of(), Set.of(), Map.of(), List.of(), false, problems);
    }

    private CollectionFile read() {
        if (file.name().startsWith(CollectionFolder.BESIDE)) {
            yaml.add(new Problem(
                    file.location(),
                    1,
                    1,
                    false,
                    "the file of a collection must be in the folder collections; move it there, and the SQL files that it"
                            + " names"));
        }
        boolean complete = false;
        boolean hasOddLines = OddLines.report(file, yaml);
        // what the parser says is only what follows of such lines
        Node root = (hasOddLines ? new YamlText(file.location()) : yaml).root(file.text());
        if (root != null) {
            findSqlFiles(root);
            complete = findCollections(root);
            List<Node> items = yaml.items(root, "the file");
            // without its dash, the one item is the file
            items = items.isEmpty() && root instanceof MappingNode ? List.of(root) : items;
            if (!hasOddLines) {
                items.forEach(item -> {
                    templates.begin(collections.get(item));
                    check(item);
                });
            }
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
                yaml.problems());
    }

    /** Whatever the file is wrong about, its messages shall be known by the collections it is for. */
    private boolean findCollections(Node root) {
        if (!(root instanceof SequenceNode list)) {
            return false;
        }
        boolean complete = true;
        for (Node item : list.getValue()) {
            int before = routes.size();
            Node templated = YamlText.get(item, TEMPLATED);
            Node route = YamlText.get(item, "route");
            if (templated != null) {
                Node id = YamlText.get(templated, "routeId");
                YamlText.visit(templated, node -> {
                    Node value = YamlText.get(node, "value");
                    String text = YamlText.text(value);
                    if ("collection".equals(YamlText.text(YamlText.get(node, "name"))) && text != null) {
                        routes.add(route(CollectionRoutes.resolved(context, text), id, templated, value));
                    }
                });
                complete &= routes.size() > before || isOfAnotherTemplate(templated);
            } else if (route != null) {
                OrdinaryRoute ordinary = new OrdinaryRoute(context, route);
                String collection = isOfCollection(ordinary) ? ordinary.collection() : null;
                routes.add(route(collection, YamlText.get(route, "id"), route, YamlText.get(route, "from")));
                complete &= !ordinary.isAstray();
            } else {
                complete &= isKnown(item);
            }
            if (routes.size() > before) {
                collections.put(item, routes.get(routes.size() - 1).collection());
            }
        }
        return complete;
    }

    private Route route(String collection, Node id, Node node, Node collectionNode) {
        return new Route(
                collection,
                YamlText.text(id),
                yaml.place(node),
                yaml.place(collectionNode == null ? node : collectionNode),
                yaml.place(id == null ? node : id));
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

    private void check(Node item) {
        String word = YamlText.text(item);
        if (word != null && ITEMS.contains(word)) {
            yaml.report(item, "a ':' is missing behind " + word);
            return;
        }
        List<NodeTuple> entries = yaml.entries(item, "an item of the file");
        boolean isTemplated = YamlText.get(entries, TEMPLATED) != null;
        List<NodeTuple> outside = new ArrayList<>();
        for (NodeTuple entry : entries) {
            String kind = YamlText.text(entry.getKeyNode());
            if (isTemplated && !ITEMS.contains(String.valueOf(kind)) && TemplatedRouteCheck.isEntry(kind)) {
                yaml.report(entry.getKeyNode(), kind + " is a part of templatedRoute: indent it deeper than that");
                outside.add(entry);
            } else {
                checkKind(entry, kind);
            }
        }
        for (NodeTuple entry : entries) {
            if (TEMPLATED.equals(YamlText.text(entry.getKeyNode()))) {
                new TemplatedRouteCheck(context, yaml, templates).check(entry.getValueNode(), outside);
            }
        }
    }

    private void checkKind(NodeTuple entry, String kind) {
        if (kind == null) {
            yaml.report(entry.getKeyNode(), "must be a name such as templatedRoute");
            return;
        }
        String hint = ITEMS.contains(kind) ? "" : Nearest.hint(kind, ITEMS);
        if (!hint.isEmpty()) {
            yaml.report(entry.getKeyNode(), kind + " is nothing that a file of routes can have" + hint);
        } else if (kind.equals("route")) {
            checkRoute(entry.getValueNode());
        }
    }

    private void checkRoute(Node route) {
        OrdinaryRoute ordinary = new OrdinaryRoute(context, route);
        SinkCheck check = new SinkCheck(yaml, templates);
        ordinary.sinks().forEach(check::checkStep);
        ordinary.kamelets().forEach(check::checkName);
        if (ordinary.collection() != null) {
            for (Node step : UnsplitConditions.of(route)) {
                yaml.report(
                        step,
                        OrdinaryRoute.name(step) + " stands under a condition, which is asked of the whole batch: put "
                                + "a split with the expression ${body} around it, then it is asked of each message");
            }
        }
        boolean isSilent = ordinary.sinks().isEmpty() && ordinary.kamelets().isEmpty() && !ordinary.sends();
        if (isSilent && !ordinary.hasGroup() && isOfCollection(ordinary)) {
            yaml.report(
                    route,
                    "the route of " + ordinary.collection() + " says of no message what becomes of it: let it end with "
                            + "kamelet:postgres-upsert-sink, or with kamelet:drop-sink if that is on purpose");
        }
    }
}
