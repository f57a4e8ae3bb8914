package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

/** A table items with a key, a name and a body, its changes, and replications of it. */
final class Items {
    private static final String ROUTE = """
            - templatedRoute:
                routeTemplateRef: collection
                routeId: items
                parameters:
                  - name: collection
                    value: public.items
                  - name: upsert
                    value: items.upsert.sql
            """;
    private static final String DELETE = """
                  - name: delete
                    value: items.delete.sql
            """;

    private Items() {}

    /** A change; its key is JSON. Of an update the server does not say what was before. */
    static String change(String action, String id, String version, String name, String body) {
        String record = "{\"id\": %s, \"name\": \"%s\", \"body\": \"%s\"}".formatted(id, name, body);
        String message = Replication.change(action, "items", id.replace("\"", ""), version, record);
        return action.equals("update") ? message.replace("\"changes\": null", "\"changes\": {}") : message;
    }

    /** An update that says what the key was. */
    static String moved(String from, String to, String version, String name) {
        return change("update", to, version, name, "A")
                .replace("\"changes\": {}", "\"changes\": {\"id\": " + from + "}");
    }

    /** A deletion that has the key alone. */
    static String deleted(String id, String version) {
        String record = "{\"id\": " + id + ", \"name\": null, \"body\": null}";
        return Replication.change("delete", "items", id.replace("\"", ""), version, record);
    }

    /** The rows that are not marked as deleted. */
    static List<String> live(Replication replication, boolean softDeletes) throws Exception {
        return replication
                .target()
                .rows("select id, name, body from items" + (softDeletes ? " where not deleted" : "") + " order by id");
    }

    /** With a source whose key has this type, without collections. */
    static Replication of(String type, String more) throws Exception {
        boolean isTable = more.startsWith(";");
        String extension = type.equals("citext") ? "create extension citext; " : "";
        Replication replication = new Replication(extension + "create table items (id " + type
                + " primary key, name text, body text" + (isTable ? ")" + more : more + ")"));
        replication.target().execute(extension + "select 1");
        return replication;
    }

    static Replication scaffolded(String type, boolean softDeletes) throws Exception {
        return scaffolded(type, softDeletes, "");
    }

    /** The same, with what scaffold makes of it. */
    static Replication scaffolded(String type, boolean softDeletes, String more) throws Exception {
        Replication replication = of(type, more);
        List<String> arguments = new ArrayList<>(List.of("--table", "public.*", "--apply"));
        if (softDeletes) {
            arguments.add("--soft-deletes");
        }
        Replication.Result result = replication.scaffold(arguments.toArray(String[]::new));
        assertEquals(0, result.status(), result.toString());
        return replication;
    }

    /** A target for templates of a user's own, with a mark of this type. */
    static String table(String mark) {
        return "create table items (id int primary key, name text, body text, mark " + mark
                + ", lsn bigint, idx bigint)";
    }

    /** With templates of a user's own; {@code delete} may be null. */
    static Replication custom(String ddl, String upsert, String delete) throws Exception {
        Replication replication = new Replication("select 1");
        replication.target().execute(ddl);
        replication.write("routes/collections/items.upsert.sql", upsert);
        if (delete != null) {
            replication.write("routes/collections/items.delete.sql", delete);
        }
        replication.write("routes/collections/items.camel.yaml", delete == null ? ROUTE : ROUTE + DELETE);
        return replication;
    }
}
