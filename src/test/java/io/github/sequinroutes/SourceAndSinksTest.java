package io.github.sequinroutes;

import static io.github.sequinroutes.OwnRoute.WRITE;
import static io.github.sequinroutes.OwnRoute.bundle;
import static io.github.sequinroutes.OwnRoute.each;
import static io.github.sequinroutes.OwnRoute.route;
import static io.github.sequinroutes.OwnRoute.source;
import static io.github.sequinroutes.OwnRoute.thing;
import static io.github.sequinroutes.OwnRoute.things;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.sandbox.SandboxConsumer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 65: what a source brings into a context that has a bundle, too; and the forms that a record can have. */
@Tag("postgres")
class SourceAndSinksTest {
    private static final String JSON_NODE = """
            - unmarshal:
                json:
                  library: Jackson
                  unmarshalType: com.fasterxml.jackson.databind.JsonNode
            """;

    /** Only a bundle can settle messages: those of a source are not its own. */
    @Test
    void aSourceCannotSendToACollection() throws Exception {
        try (TestBundle bundle = route(bundle(), """
                - to:
                    uri: kamelet:dead-letter-sink
                    parameters:
                      error: not now
                """)) {
            bundle.start();
            SandboxConsumer stock = source(bundle, "- to:\n    uri: direct:sequin-collection:test:thing\n");
            stock.offerAsIs(thing("a", 1, "good"));
            await().until(() -> stock.delivered() >= 3);
            assertEquals(1, stock.left());
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void dropSinkIsForTheRoutesOfCollectionsAlone() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            SandboxConsumer stock = source(bundle, "- to:\n    uri: kamelet:drop-sink\n");
            stock.offerAsIs(thing("a", 1, "good"));
            await().until(() -> stock.delivered() >= 3);
            assertEquals(1, stock.left());
        }
    }

    @Test
    void aTreeOfJsonToASinkOfItsOwn() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            SandboxConsumer stock = source(
                    bundle,
                    JSON_NODE + WRITE + "      folder: file:" + bundle.routes().resolve("collections"));
            stock.offerAsIs(thing("a", 1, "good"));
            await().until(() -> stock.left() == 0);
            assertEquals(List.of("a|1|good"), things(bundle));
        }
    }

    @Test
    void aTreeOfJsonInACollection() throws Exception {
        try (TestBundle bundle = route(bundle(), each(JSON_NODE + WRITE))) {
            bundle.offer(thing("a", 1, "good")).start().awaitDrained();
            assertEquals(List.of("a|1|good"), things(bundle));
        }
    }

    /** What comes before a queue or a file. */
    @Test
    void marshalMakesTheRecord() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start();
            Set<String> seen = ConcurrentHashMap.newKeySet();
            bundle.standalone().context().getRegistry().bind("seen", (Processor)
                    exchange -> seen.add(exchange.getMessage().getBody(String.class)));
            SandboxConsumer stock = source(bundle, """
                    - marshal:
                        json:
                          library: Jackson
                    - process:
                        ref: seen
                    """);
            stock.offerAsIs(thing("a", 1, "good"));
            await().until(() -> stock.left() == 0);
            assertTrue(seen.toString().contains("\"name\": \"good\""), seen.toString());
        }
    }

    /** Two rows of one ID: without a version nothing says that one is a newer version of the other. */
    @Test
    void recordsWithoutAVersionAreAllWritten() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.database().execute("alter table thing drop constraint thing_pkey, add primary key (id, name)");
            OwnRoute.template(bundle, "lines", """
                    insert into thing (id, name) values (:#id, :#name) on conflict (id, name) do nothing
                    """);
            bundle.start();
            SandboxConsumer stock = source(
                    bundle,
                    """
                    - setBody:
                        expression:
                          constant:
                            expression: '[{"id": "order", "name": "red"}, {"id": "order", "name": "blue"}]'
                    """ + WRITE.replace("thing.upsert", "lines.upsert")
                            + "      folder: file:" + bundle.routes().resolve("collections"));
            stock.offerAsIs(thing("a", 1, "good"));
            await().until(() -> stock.left() == 0);
            assertEquals(List.of("order|~|blue", "order|~|red"), things(bundle));
        }
    }
}
