package io.github.sequinroutes;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A bundle with a collection, {@code test:thing}, whose route has steps of its own. */
final class OwnRoute {
    static final String UPSERT = """
            insert into thing as t (id, updated_idx, name) values (:#id, :#updated_idx, :#data.name)
            on conflict (id) do update set updated_idx = excluded.updated_idx, name = excluded.name
            where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
            """;

    /** The step that writes to the table {@code thing}. */
    static final String WRITE = """
            - to:
                uri: kamelet:postgres-upsert-sink
                parameters:
                  upsert: thing.upsert.sql
            """;

    /** The step that writes to the table {@code other}. */
    static final String WRITE_OTHER = WRITE.replace("thing.upsert", "other.upsert");

    private OwnRoute() {}

    /** A bundle with the two tables and templates. */
    static TestBundle bundle() throws Exception {
        // what waits for a file comes again when its lease is over
        TestBundle bundle = new TestBundle(Duration.ofSeconds(5));
        bundle.database()
                .execute("create table thing (id text primary key, updated_idx bigint, name text);"
                        + "create table if not exists other (like thing including all)");
        template(bundle, "thing", UPSERT);
        template(bundle, "other", UPSERT.replace("into thing", "into other"));
        return bundle;
    }

    static void template(TestBundle bundle, String name, String upsert) throws IOException {
        Files.writeString(bundle.routes().resolve("collections/" + name + ".upsert.sql"), upsert);
    }

    /** Gives the route of the collection these steps. */
    static TestBundle route(TestBundle bundle, String steps) throws IOException {
        Files.writeString(bundle.routes().resolve("collections/thing.camel.yaml"), """
                - route:
                    id: thing
                    from:
                      uri: direct:test:thing
                      steps:
                """ + steps.indent(8));
        return bundle;
    }

    /** A step that has these steps done for each message. */
    static String each(String steps) {
        return """
                - split:
                    expression:
                      simple:
                        expression: ${body}
                    steps:
                """ + steps.indent(6);
    }

    static String thing(String id, int version, String name) {
        return TestRecord.of("test:thing", id, version, "{\"name\": \"" + name + "\"}");
    }

    static List<String> things(TestBundle bundle) throws Exception {
        return bundle.database().rows("select id, updated_idx, name from thing order by id, name");
    }

    /** Another consumer of the same server, that a source polls for a route with these steps. */
    static SandboxConsumer source(TestBundle bundle, String steps) throws Exception {
        SandboxConsumer stock = bundle.server().consumer("stock", Duration.ofSeconds(5), 1000);
        Path file = bundle.routes().resolve("source.yaml");
        Files.writeString(file, """
                - route:
                    from:
                      uri: kamelet:sequin-source/stock
                      parameters:
                        url: %s
                        consumer: stock
                        token: RAW(%s)
                        waitFor: 1s
                      steps:
                """.formatted(bundle.server().url(), TestBundle.TOKEN) + steps.indent(8));
        PluginHelper.getRoutesLoader(bundle.standalone().context())
                .loadRoutes(ResourceHelper.resolveResource(bundle.standalone().context(), "file:" + file));
        return stock;
    }
}
