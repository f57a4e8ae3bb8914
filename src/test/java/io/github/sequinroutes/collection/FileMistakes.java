package io.github.sequinroutes.collection;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What authors of collections do to a folder with one good collection, and what they are told of it. */
final class FileMistakes {
    private static final String ROUTE = "acme-order.camel.yaml";
    private static final String UPSERT = "acme-order.upsert.sql";

    private static final String GOOD_ROUTE = """
            - templatedRoute:
                routeTemplateRef: collection
                routeId: acme-order
                parameters:
                  - name: collection
                    value: acme:order
                  - name: upsert
                    value: acme-order.upsert.sql
            """;

    private static final String GOOD_UPSERT = """
            insert into acme.orders as t (id, updated_idx, total)
            values (:#id, :#updated_idx, :#data.total) -- €
            on conflict (id) do update set updated_idx = excluded.updated_idx, total = excluded.total
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            """;

    private static final Path ENDLESS = Path.of("/dev/zero");

    private final List<Case> cases = new ArrayList<>();

    /** Does something to a folder. */
    interface Edit {
        void apply(Path folder) throws IOException;
    }

    /** A change. */
    record Case(String name, Edit edit) {
        @Override
        public String toString() {
            return name;
        }
    }

    private FileMistakes() {}

    /** The good collection. */
    static void write(Path folder) throws IOException {
        Files.writeString(folder.resolve(ROUTE), GOOD_ROUTE);
        Files.writeString(folder.resolve(UPSERT), GOOD_UPSERT);
    }

    private void add(String name, Edit edit) {
        cases.add(new Case(name, edit));
    }

    /** A part of a file is written in another way. */
    private void change(String name, String file, String old, String text) {
        add(name, folder -> replace(folder.resolve(file), old, text));
    }

    private void route(String name, String old, String text) {
        change(name, ROUTE, old, text);
    }

    private static void replace(Path file, String old, String text) throws IOException {
        String before = Files.readString(file);
        if (!before.contains(old)) {
            throw new IllegalArgumentException(old);
        }
        Files.writeString(file, before.replace(old, text));
    }

    private static Edit rename(String from, String to) {
        return folder -> Files.move(folder.resolve(from), folder.resolve(to));
    }

    private static Edit encode(String file, Charset charset, String prefix) {
        return folder -> {
            String text = Files.readString(folder.resolve(file)).replace("€", "ü");
            Files.write(folder.resolve(file), (prefix + text).getBytes(charset));
        };
    }

    private static Edit another(String name, String routeId, String collection) {
        return folder -> Files.writeString(
                folder.resolve(name),
                GOOD_ROUTE.replace("acme-order\n", routeId + "\n").replace("acme:order", collection));
    }

    /** What is wrong. */
    static List<Case> mistakes() {
        FileMistakes all = new FileMistakes();
        all.yaml();
        all.structure();
        all.names();
        all.files();
        all.conflicts();
        return all.cases;
    }

    private void yaml() {
        route("a tab", "    routeId", "\trouteId");
        route("a tab in a list", "        value: acme:order", "\t\tvalue: acme:order");
        route("an unquoted star", "acme:order", "*");
        route("a star and a word", "acme:order", "*:order");
        route("an at sign", "acme:order", "@acme");
        route("a percent sign", "acme:order", "%acme");
        route("a colon and a blank", "acme:order", "acme: order");
        route("no blank behind a colon", "value: acme:order", "value:acme:order");
        route("no blank behind another colon", "routeId: acme-order", "routeId:acme-order");
        route("no colon", "routeId: acme-order", "routeId acme-order");
        route("no colon behind a parent", "parameters:", "parameters");
        route("no colon behind the first", "- templatedRoute:", "- templatedRoute");
        route("no colon behind name", "name: upsert", "name upsert");
        route("an open quote", "acme:order", "\"acme:order");
        route("an open single quote", "acme:order", "'acme:order");
        route("a backslash in double quotes", "acme:order", "\"acme\\order\"");
        route("an open brace", "- name: upsert", "- {name: upsert");
        route("a second document", "    parameters:", "---\n    parameters:");
        route("a control character", "acme:order", "acme\u0007order");
        route("a no-break space", "    routeId", "\u00a0\u00a0\u00a0\u00a0routeId");
        route("a merge", GOOD_ROUTE, "<<<<<<< HEAD\n" + GOOD_ROUTE + "=======\n" + GOOD_ROUTE + ">>>>>>> other\n");
        route("nothing", GOOD_ROUTE, "");
        route("only comments", GOOD_ROUTE, "# " + GOOD_ROUTE.replace("\n", "\n# "));
        route("a tilde too much", "    routeId", "  ~ routeId");
    }

    private void structure() {
        route("no dash at the start", "- templatedRoute", "templatedRoute");
        route("no dash at the start, well indented", GOOD_ROUTE, GOOD_ROUTE.replaceAll("(?m)^(- |  )", ""));
        route("no dash before a parameter", "- name: upsert", "name: upsert");
        route("no dash before a parameter, indented", "  - name: upsert", "    name: upsert");
        route("no dash before all", "      - name: collection", "        name: collection");
        route("no blank behind the first dash", "- name: collection", "-name: collection");
        route("no blank behind a dash", "- name: upsert", "-name: upsert");
        route("a dash too much", "    value: acme:order", "  - value: acme:order");
        route("not indented", GOOD_ROUTE, GOOD_ROUTE.replace("\n    ", "\n  "));
        route("parameters not indented", "    parameters", "  parameters");
        route("one line too deep", "    routeId", "     routeId");
        route("one line not deep enough", "    routeId", "   routeId");
        route("value too deep", "        value: acme:order", "          value: acme:order");
        route("value not deep enough", "        value: acme:order", "      value: acme:order");
        route("a map of parameters", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("      - name")), """
                      collection: acme:order
                      upsert: acme-order.upsert.sql
                """);
        route("a list of maps", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("      - name")), """
                      - collection: acme:order
                      - upsert: acme-order.upsert.sql
                """);
        route("a list of texts", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("      - name")), """
                      - acme:order
                      - acme-order.upsert.sql
                """);
        route("a parameter outside", "    parameters:", "    guard: ledger\n    parameters:");
        route("no parameters", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("    parameters")), "");
        route("parameters of nothing", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("      - name")), "");
        route("a value without a name", "- name: upsert\n        value", "- value");
        route("a name without a value", "        value: acme:order\n", "");
        route("a comment instead of a value", "acme:order", "#order");
        route("a list as a value", "acme:order", "[acme, order]");
        route("routes around it", GOOD_ROUTE, "routes:\n  " + GOOD_ROUTE.replace("\n", "\n  "));
    }

    private void names() {
        route("templateRoute", "templatedRoute", "templateRoute");
        route("templatedroute", "templatedRoute", "templatedroute");
        route("routeTemplateRef in other case", "routeTemplateRef", "routeTemplateref");
        route("template", "routeTemplateRef", "template");
        route("no routeTemplateRef", "    routeTemplateRef: collection\n", "");
        route("colection", "Ref: collection", "Ref: colection");
        route("Collection", "Ref: collection", "Ref: Collection");
        route("another template", "Ref: collection", "Ref: upsert");
        route("routeID", "routeId", "routeID");
        route("params", "parameters", "params");
        route("paramters", "parameters", "paramters");
        route("gaurd", "    parameters:", "    parameters:\n      - name: gaurd\n        value: ledger");
        route("legder", "    parameters:", "    parameters:\n      - name: guard\n        value: legder");
        route(
                "guard of another kind",
                "    parameters:",
                "    parameters:\n      - name: guard\n        value: version");
        route("colection as a parameter", "name: collection", "name: colection");
        route("Upsert", "name: upsert", "name: Upsert");
        route("insert", "name: upsert", "name: insert");
        route("key instead of name", "- name: upsert", "- key: upsert");
        route("valeu", "value: acme:order", "valeu: acme:order");
        route("a parameter twice", "    parameters:", "    parameters:\n      - name: upsert\n        value: a.sql");
        route("an entry twice", "    routeId", "    routeId: b\n    routeId");
        route("typographic quotes", "acme:order", "\u201cacme:order\u201d");
        route("blanks in quotes", "acme:order", "' acme:order'");
        route("an ID with a no-break space", "acme:order", "acme:order\u00a0");
        route("an ID with a character that nobody sees", "acme:order", "acme:\u200border");
        route("folded lines", "acme:order", ">-\n          acme:\n          order");
        route("two collections", "acme:order", "acme:order, acme:refund");
        route("an ID that is nothing", "acme:order", "~");
        route("an empty collection", "acme:order", "''");
        route("a wildcard", "acme:order", "acme:*");
        route("two mistakes", "name: collection", "name: colection");
        add("several mistakes of two files", folder -> {
            replace(folder.resolve(ROUTE), "routeId", "routeID");
            replace(folder.resolve(ROUTE), "name: upsert", "name: upsrt");
            replace(folder.resolve(UPSERT), ":#", ":");
            Files.writeString(folder.resolve("b.camel.yaml"), "- templatedRoute:\n\trouteId: b\n");
            Files.writeString(folder.resolve("c.yml"), "");
        });
    }

    private void files() {
        route("a missing file", "acme-order.upsert.sql", "other.sql");
        route("a misspelt file", "acme-order.upsert.sql", "acme-order.upset.sql");
        route("a file in other case", "acme-order.upsert.sql", "Acme-Order.upsert.sql");
        route("a file without its ending", "value: acme-order.upsert.sql", "value: acme-order.upsert");
        route("a file with its folder", "acme-order.upsert.sql", "collections/acme-order.upsert.sql");
        route("a folder as a file", "acme-order.upsert.sql", "../collections");
        add("a file in upper case on disk", rename(UPSERT, "acme-order.upsert.SQL"));
        add("a file with .txt", rename(UPSERT, UPSERT + ".txt"));
        add("a file beside the folder", rename(UPSERT, "../" + UPSERT));
        add("a route beside the folder", rename(ROUTE, "../" + ROUTE));
        add("a missing file, and one of another route", folder -> {
            another("b.camel.yaml", "b", "acme:b").apply(folder);
            Files.writeString(folder.resolve("acme-b.delete.sql"), "delete from acme.b where id = :#id");
            Files.writeString(
                    folder.resolve("b.camel.yaml"),
                    "      - name: delete\n        value: acme-b.delete.sql\n",
                    StandardOpenOption.APPEND);
            Files.writeString(
                    folder.resolve(ROUTE),
                    "      - name: delete\n        value: acme-o.delete.sql\n",
                    StandardOpenOption.APPEND);
        });
        add("yml", rename(ROUTE, "acme-order.yml"));
        add("yaml", rename(ROUTE, "acme-order.yaml"));
        add("camel.yml", rename(ROUTE, "acme-order.camel.yml"));
        add("in upper case", rename(ROUTE, "acme-order.Camel.yaml"));
        add("a dot too much", rename(ROUTE, "acme-order.camel..yaml"));
        add("one more ending", rename(ROUTE, ROUTE + ".txt"));
        add("an SQL file of no route", folder -> Files.writeString(folder.resolve("b.sql"), "select :#id"));
        add("a device as a route", folder -> Files.createSymbolicLink(folder.resolve("b.camel.yaml"), ENDLESS));
        add("a device as a template", folder -> {
            Files.delete(folder.resolve(UPSERT));
            Files.createSymbolicLink(folder.resolve(UPSERT), ENDLESS);
        });
        add("a folder in it", folder -> {
            Files.createDirectory(folder.resolve("more"));
            Files.writeString(folder.resolve("more/" + ROUTE), GOOD_ROUTE);
        });
        add("ISO-8859-1 in SQL", encode(UPSERT, StandardCharsets.ISO_8859_1, ""));
        add("ISO-8859-1 in YAML", encode(ROUTE, StandardCharsets.ISO_8859_1, "# ü\n"));
        add("UTF-16 in SQL", encode(UPSERT, StandardCharsets.UTF_16, ""));
        add("UTF-16 in YAML", encode(ROUTE, StandardCharsets.UTF_16, ""));
        add("UTF-16LE without a mark", encode(ROUTE, StandardCharsets.UTF_16LE, ""));
        add("upsert and delete swapped", templates("acme-order.delete.sql", UPSERT));
        add("an upsert that deletes", templates("acme-order.delete.sql", ""));
        add("a delete that is the upsert", templates(UPSERT, UPSERT));
        change("an open string", UPSERT, ":#data.total", "'x");
        change("no path", UPSERT, ":#", ":");
        change("an empty file", UPSERT, GOOD_UPSERT, "");
    }

    /** A route with these files, one of which deletes. */
    private static Edit templates(String upsert, String delete) {
        return folder -> {
            Files.writeString(folder.resolve("acme-order.delete.sql"), "delete from acme.orders where id = :#id");
            Files.writeString(
                    folder.resolve(ROUTE),
                    GOOD_ROUTE.replace(UPSERT, upsert)
                            + (delete.isEmpty() ? "" : "      - name: delete\n        value: " + delete + "\n"));
        };
    }

    private void conflicts() {
        add("one ID twice", another("b.camel.yaml", "acme-order", "acme:b"));
        add("one collection twice", another("b.camel.yaml", "b", "acme:order"));
        add("both", another("b.camel.yaml", "acme-order", "acme:order"));
        add("one file twice in one", folder -> Files.writeString(folder.resolve(ROUTE), GOOD_ROUTE + GOOD_ROUTE));
        add("one twice, with another mistake", folder -> {
            another("b.camel.yaml", "b", "acme:order").apply(folder);
            replace(folder.resolve("b.camel.yaml"), "upsert\n", "upsrt\n");
        });
    }

    /** What is right, though it is unusual. */
    static List<Case> variants() {
        FileMistakes all = new FileMistakes();
        all.route("as it is", "", "");
        all.route("quotes", "acme:order", "\"acme:order\"");
        all.route("a star in quotes", "acme:order", "'*'");
        all.route("no routeId", "    routeId: acme-order\n", "");
        all.route("a list that is not indented", GOOD_ROUTE, GOOD_ROUTE.replaceAll("(?m)^  (    ( |-) )", "$1"));
        all.route(
                "other order",
                "- name: upsert\n        value: acme-order.upsert.sql",
                "- value: acme-order.upsert.sql\n        name: upsert");
        all.route("flow style", GOOD_ROUTE.substring(GOOD_ROUTE.indexOf("      - name")), """
                      - {name: collection, value: "acme:order"}
                      - {name: upsert, value: acme-order.upsert.sql}
                """);
        all.route("comments", "    parameters:", "\n    # of it\n    parameters: # these");
        all.route("a guard", "    parameters:", "    parameters:\n      - name: guard\n        value: ledger");
        all.route("an empty delete", "    parameters:", "    parameters:\n      - name: delete\n        value: ''");
        all.add("a delete", templates(UPSERT, "acme-order.delete.sql"));
        all.add("a collection of what is to be deleted, on purpose", folder -> {
            templates("acme-order.delete.sql", "").apply(folder);
            Files.delete(folder.resolve(UPSERT));
            Files.writeString(
                    folder.resolve("acme-order.delete.sql"),
                    "delete from acme.orders where id = :#id -- sequin: allow lost-updates");
        });
        all.route("a document start", "- templatedRoute", "---\n- templatedRoute");
        all.route("CRLF", GOOD_ROUTE, GOOD_ROUTE.replace("\n", "\r\n"));
        all.route("a mark of the encoding", GOOD_ROUTE, "\ufeff" + GOOD_ROUTE);
        all.change("the same in SQL", UPSERT, GOOD_UPSERT, "\ufeff" + GOOD_UPSERT);
        all.add("a name with dots", rename(ROUTE, "acme.order.v2.camel.yaml"));
        all.add("notes", folder -> Files.writeString(folder.resolve("README.md"), "-"));
        all.add("what an editor leaves", folder -> Files.writeString(folder.resolve(ROUTE + "~"), GOOD_ROUTE));
        all.add("a hidden file", folder -> Files.writeString(folder.resolve("." + ROUTE + ".swp"), "-"));
        all.add("two collections", another("b.camel.yaml", "b", "acme:b"));
        all.add(
                "two routes in a file",
                folder -> Files.writeString(
                        folder.resolve(ROUTE),
                        GOOD_ROUTE + GOOD_ROUTE.replace("acme-order\n", "b\n").replace("acme:o", "acme:b")));
        return all.cases;
    }
}
