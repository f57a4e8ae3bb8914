package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 55: whoever copies an example of the documents has a collection that keeps every promise. */
class ReadmeExamplesTest {
    private static final List<String> DOCUMENTS = List.of("README.md", "docs/templates.md", "docs/kamelets.md");
    private static final Pattern BLOCK = Pattern.compile("(?:^ {4}.*\\n(?:\\n(?= {4}))?)+", Pattern.MULTILINE);
    private static final Pattern FILE_NAME =
            Pattern.compile("`(?:routes/collections/)?([a-z-]+\\.(?:[a-z]+\\.sql|camel\\.yaml))`");
    private static final Pattern SQL_OR_YAML = Pattern.compile("(?s)(?:(?:insert|update|delete|with|merge) .*|- .*)");

    /** The table that the README makes. */
    private static String table() throws IOException {
        return block("README.md", "create schema acme;");
    }

    private static String block(String document, String beginning) throws IOException {
        Matcher block = BLOCK.matcher(Files.readString(Path.of(document)));
        return block.results()
                .map(result -> result.group().stripIndent().strip())
                .filter(text -> text.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    /** The examples, by the name of the file that the text before them says; one file may have several. */
    private static Map<String, List<String>> examples() throws IOException {
        Map<String, List<String>> examples = new HashMap<>();
        for (String document : DOCUMENTS) {
            String text = Files.readString(Path.of(document));
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                String example = block.group().stripIndent().strip();
                if (SQL_OR_YAML.matcher(example).matches()) {
                    String name = null;
                    Matcher names = FILE_NAME.matcher(text.substring(0, block.start()));
                    while (names.find()) {
                        name = names.group(1);
                    }
                    assertNotNull(name, document + " does not say which file this is: " + example);
                    examples.computeIfAbsent(document + " " + name, any -> new ArrayList<>())
                            .add(example);
                }
            }
        }
        return examples;
    }

    private static void copy(String document, String name, int variant, TestBundle bundle) throws IOException {
        for (var example : examples().entrySet()) {
            String file = example.getKey().substring(example.getKey().indexOf(' ') + 1);
            if (example.getKey().startsWith(document + " " + name)) {
                List<String> variants = example.getValue();
                Files.writeString(
                        bundle.routes().resolve("collections").resolve(file),
                        variants.get(Math.min(variant, variants.size() - 1)) + "\n");
            }
        }
    }

    /** What the steps of its own make of messages, in the document's second route. */
    @Test
    void aRouteWithSteps() throws Exception {
        try (TestBundle bundle = new TestBundle()) {
            bundle.database().execute(table());
            copy("README.md", "acme-order", 0, bundle);
            copy("docs/kamelets.md", "acme-order", 1, bundle);
            String data = "{\"customer\": {\"id\": \"%s\"}, \"livemode\": %s, \"total\": 1, \"lines\": []}";
            bundle.offer(
                            TestRecord.of("acme:order", "a", 1, data.formatted("c", true)),
                            TestRecord.of("acme:order", "b", 1, data.formatted("c", false)),
                            TestRecord.of("acme:order", "c", 1, data.formatted("nobody", true)))
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a"), bundle.database().rows("select id from acme.orders"));
            assertEquals(
                    List.of("rejected|c|the customer is nobody"),
                    bundle.database().rows("select reason, record_id, error from sequin.dead_letters"));
        }
    }

    private static String version(String collection, long version) {
        return TestRecord.of(
                collection,
                "a",
                version,
                collection.equals("acme:order")
                        ? "{\"customer\": {\"id\": \"c%d\"}, \"total\": %d.50, \"lines\": [%d]}"
                                .formatted(version, version, version)
                        : "{\"customer\": \"c%d\", \"total\": %d.50, \"body\": \"b%d\"}"
                                .formatted(version, version, version));
    }

    private static String deletion(String collection, String id, long version) {
        String without = TestRecord.of(collection, id, version, true, "0").replace("\"data\": 0, ", "");
        assertFalse(without.contains("\"data\""), without);
        return without;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            README.md; acme-order; 0; true; select updated_idx, customer, total, lines from acme.orders; ; 5|c5|5.50|[5]
            docs/kamelets.md; acme-order; 0; true; select updated_idx, customer, total, lines from acme.orders; ; 5|c5|5.50|[5]
            docs/kamelets.md; acme-order; 2; true; select updated_idx, customer, total, lines from acme.orders; ; 5|c5|5.50|[5]
            docs/kamelets.md; acme-order; 1; true; select updated_idx, customer, total, lines from acme.orders; ; 5|c5|5.50|[5]
            docs/templates.md; acme-invoice; 0; true; select updated_idx, deleted, customer, total from acme.invoices; ; 5|f|c5|5.50
            docs/templates.md; acme-invoice; 1; true; select updated_idx, deleted, customer, total from acme.invoices; 4|t|c3|3.50; 5|f|c5|5.50
            docs/templates.md; acme-note; 0; false; select updated_idx, deleted, body from acme.notes where id = 'a'; 4|t|b3; 5|f|b5
            """)
    void keepsEveryVersion(
            String document, String name, int variant, boolean hasRoute, String rows, String deleted, String present)
            throws Exception {
        String collection = name.replace('-', ':');
        try (TestBundle bundle = new TestBundle()) {
            bundle.database()
                    .execute(table() + ";" + block("docs/templates.md", "create table acme.invoices") + ";"
                            + block("docs/templates.md", "alter table acme.invoices"));
            if (!hasRoute) {
                bundle.collection(collection, "replaced below :#id");
            }
            copy("README.md", name, variant, bundle); // what the document does not say anew
            copy(document, name, variant, bundle);
            bundle.offer(version(collection, 2)).start().awaitDrained();
            bundle.offer(version(collection, 3)).awaitDrained();
            bundle.offer(version(collection, 1)).awaitDrained();
            bundle.offer(deletion(collection, "a", 4), deletion(collection, "never seen", 4))
                    .awaitDrained();
            List<String> gone = deleted == null ? List.of() : List.of(deleted);
            assertEquals(gone, bundle.database().rows(rows));
            bundle.offer(version(collection, 3)).awaitDrained();
            assertEquals(gone, bundle.database().rows(rows));
            bundle.offer(version(collection, 5)).awaitDrained();
            assertEquals(List.of(present), bundle.database().rows(rows));
            // as for a row that was written before its collection had deletes, and so a ledger
            bundle.database().execute("delete from sequin.versions");
            bundle.offer(deletion(collection, "a", 4)).awaitDrained();
            assertEquals(List.of(present), bundle.database().rows(rows));
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    /** An example that is new must be run above. */
    @Test
    void thereAreNoOtherExamples() throws Exception {
        List<String> names = new ArrayList<>();
        examples().forEach((name, variants) -> variants.forEach(example -> names.add(name)));
        names.sort(null);
        assertEquals(
                List.of(
                        "README.md acme-order.camel.yaml",
                        "README.md acme-order.delete.sql",
                        "README.md acme-order.upsert.sql",
                        "docs/kamelets.md acme-order.camel.yaml",
                        "docs/kamelets.md acme-order.camel.yaml",
                        "docs/kamelets.md acme-order.camel.yaml",
                        "docs/kamelets.md stock.camel.yaml",
                        "docs/templates.md acme-invoice.camel.yaml",
                        "docs/templates.md acme-invoice.delete.sql",
                        "docs/templates.md acme-invoice.delete.sql",
                        "docs/templates.md acme-invoice.upsert.sql",
                        "docs/templates.md acme-note.upsert.sql"),
                names);
    }
}
