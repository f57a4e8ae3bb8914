package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.database.Database;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The blocks of README.md and docs: what is SQL or YAML is run by a test, and what is configuration can be used. */
class DocumentBlocksTest {
    private static final Pattern BLOCK = Pattern.compile("(?:^ {4}.*\\n(?:\\n(?= {4}))?)+", Pattern.MULTILINE);
    private static final Pattern SQL_OR_YAML = Pattern.compile(
            "(?s)(?:--.*?\\n)?(?:(?:insert|update|delete|with|merge|select|create|alter|drop|where) .*|- .*|\\w+:\\n.*)");
    private static final Pattern PROPERTIES = Pattern.compile("(?:[a-z.-]+=.*\\n?)+");

    /** How many blocks each document has that are SQL or YAML, and the tests that run them. */
    private static final Map<String, Integer> RUN_BY_TESTS = Map.ofEntries(
            Map.entry("README.md", 4), // ReadmeExamplesTest
            Map.entry("docs/check.md", 1), // CheckDocumentTest
            Map.entry("docs/failures.md", 1), // ReplayExactlyTest
            Map.entry("docs/kamelets.md", 4), // ReadmeExamplesTest, KameletSourceTest
            Map.entry("docs/moving-over.md", 5), // MovingOverTest
            Map.entry("docs/operating.md", 2), // theStatementsOfAnOperator
            Map.entry("docs/performance.md", 1), // SetDocumentTest
            Map.entry("docs/scaffold.md", 1), // ScaffoldedReplicaTest
            Map.entry("docs/scaling.md", 4), // ScalingDocumentTest
            Map.entry("docs/stream.md", 4), // StreamDocumentTest, and theSinkIsTheConsumer
            Map.entry("docs/templates.md", 7)); // ReadmeExamplesTest

    private static List<String> documents() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            List<String> documents = new ArrayList<>(List.of("README.md"));
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".md"))
                    .sorted()
                    .forEach(documents::add);
            return documents;
        }
    }

    private static List<String> blocks(String document) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of(document)))
                .results()
                .map(block -> block.group().indent(block.group().startsWith("        ") ? -8 : -4))
                .map(String::strip)
                .toList();
    }

    /** Who writes another one has a test run it. */
    @Test
    void thereAreNoOthers() throws Exception {
        Map<String, Integer> counts = new TreeMap<>();
        for (String document : documents()) {
            for (String block : blocks(document)) {
                if (SQL_OR_YAML.matcher(block).matches()) {
                    counts.merge(document, 1, Integer::sum);
                }
            }
        }
        assertEquals(new TreeMap<>(RUN_BY_TESTS), counts);
    }

    @Test
    void everyConfigurationCanBeUsed() throws Exception {
        Set<String> seen = new HashSet<>();
        for (String document : documents()) {
            for (String block : blocks(document)) {
                if (PROPERTIES.matcher(block).matches()) {
                    Properties given = new Properties();
                    if (!block.contains("sequin.bundles")) {
                        given.setProperty("sequin.url", "http://localhost:7376");
                        given.setProperty("sequin.consumer", "c");
                        given.setProperty("postgres.url", "jdbc:postgresql://localhost/x");
                    }
                    // files that are there for nobody
                    given.load(new StringReader(
                            block.replaceAll("(?m)^.*-file=.*$", "").replaceAll("&sslrootcert=[^&\\s]+", "")));
                    given.replaceAll((key, value) -> value.equals("...") ? "t0ken" : value);
                    assertEquals(
                            List.of(),
                            new Settings(given, Map.of(), new Properties()).warnings(),
                            document + ": " + block);
                    seen.add(document);
                }
            }
        }
        assertEquals(
                Set.of(
                        "README.md",
                        "docs/embedding.md",
                        "docs/first-collection.md",
                        "docs/network.md",
                        "docs/stream.md"),
                seen);
    }

    /** docs/operating.md. */
    @Test
    void theStatementsOfAnOperator() throws Exception {
        TestDatabase database = new TestDatabase();
        PGSimpleDataSource tables = new PGSimpleDataSource();
        tables.setUrl(database.url());
        new Database(tables, true).migrate();
        List<String> statements = blocks("docs/operating.md").stream()
                .filter(block -> SQL_OR_YAML.matcher(block).matches())
                .toList();
        for (String statement : statements) {
            database.execute(statement);
        }
        assertEquals(2, statements.size());
        database.drop();
    }

    /** docs/stream.md. */
    @Test
    void theSinkIsTheConsumer() throws Exception {
        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs/stream.md")))
                .results()
                .map(block -> block.group().indent(-8))
                .toList();
        Object yaml = new Load(LoadSettings.builder().build()).loadFromString(blocks.get(0));
        Map<?, ?> sink = (Map<?, ?>) ((List<?>) ((Map<?, ?>) yaml).get("sinks")).get(0);
        assertEquals(Map.of("type", "sequin_stream"), sink.get("destination"));
        Properties given = new Properties();
        given.load(new StringReader(blocks.get(1)));
        assertEquals(sink.get("name"), given.getProperty("sequin.consumer"));
        assertEquals("stream", given.getProperty("sequin.api"));
    }
}
