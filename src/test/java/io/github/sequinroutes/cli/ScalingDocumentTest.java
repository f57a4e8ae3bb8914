package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestBundle;
import io.github.sequinroutes.TestRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The partitioned tables of docs/scaling.md keep every promise, with the templates that it gives for them. */
@Tag("postgres")
class ScalingDocumentTest {
    private static final String UPSERT = "acme-order.upsert.sql";
    private static final String DELETE = "acme-order.delete.sql";
    private static final String ROUTE = "acme-order.camel.yaml";

    /** The block after the paragraph that names a file and ends in a colon. */
    private static String example(String document, String name) throws Exception {
        Matcher block = Pattern.compile("[`/]" + Pattern.quote(name) + "`(?:.|\\n(?!\\n))*:\\n\\n((?: {4}[^\\n]*\\n)+)")
                .matcher(Files.readString(Path.of(document)));
        assertTrue(block.find(), name);
        return block.group(1).stripIndent();
    }

    private static String scaling(String name) throws Exception {
        return example("docs/scaling.md", name);
    }

    private static TestBundle bundle(String tables, String upsert, String route) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute(tables);
        Path collections = bundle.routes().resolve("collections");
        Files.writeString(collections.resolve(UPSERT), upsert);
        Files.writeString(collections.resolve(DELETE), example("README.md", DELETE));
        Files.writeString(collections.resolve(ROUTE), route);
        CheckRun checked = CheckRun.of(bundle);
        assertEquals(0, checked.status(), checked.toString());
        return bundle;
    }

    private static String order(String id, long version, String region) {
        String data = "{\"customer\": {\"id\": \"c\"}, \"region\": \"%s\", \"total\": %d, \"lines\": []}";
        return TestRecord.of("acme:order", id, version, data.formatted(region, version));
    }

    private static String deletion(String id, long version) {
        return TestRecord.of("acme:order", id, version, true, "null");
    }

    @Test
    void byTheHashOfTheKey() throws Exception {
        String upsert = example("README.md", UPSERT);
        try (TestBundle bundle = bundle(scaling("orders-by-hash.sql"), upsert, example("README.md", ROUTE))) {
            bundle.start();
            for (int i = 0; i < 40; i++) {
                bundle.offer(order("o" + i, 2, "eu"), order("o" + i, 1, "eu"), order("o" + i, 3, "eu"));
            }
            bundle.offer(deletion("o0", 4), order("o0", 3, "eu")).awaitDrained();
            assertEquals(
                    "39|4",
                    bundle.database()
                            .value("select count(*), count(distinct tableoid) from acme.orders where total = 3"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** A record has one row, that of its newest version, wherever it was and however late another one comes. */
    @Test
    void byAColumnThatChanges() throws Exception {
        try (TestBundle bundle = bundle(scaling("orders-by-region.sql"), scaling(UPSERT), scaling(ROUTE))) {
            String rows = "select id, region, updated_idx, tableoid::regclass from acme.orders order by id";
            bundle.offer(order("a", 1, "eu"), order("b", 1, "us")).start().awaitDrained();
            bundle.offer(order("a", 3, "us")).awaitDrained();
            bundle.offer(order("a", 2, "eu"), order("b", 2, "elsewhere")).awaitDrained();
            assertEquals(
                    List.of("a|us|3|acme.orders_us", "b|elsewhere|2|acme.orders_other"),
                    bundle.database().rows(rows));
            bundle.offer(deletion("a", 4)).awaitDrained();
            bundle.offer(order("a", 3, "us"), order("a", 1, "eu")).awaitDrained();
            assertEquals(
                    List.of("b|elsewhere|2|acme.orders_other"),
                    bundle.database().rows(rows));
            // in one batch
            bundle.offer(order("c", 2, "us"), order("c", 1, "eu"), order("c", 3, "eu"))
                    .awaitDrained();
            assertEquals("eu|3", bundle.database().value("select region, updated_idx from acme.orders where id = 'c'"));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }
}
