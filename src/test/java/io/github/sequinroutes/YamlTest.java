package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML that is shipped: as visual editors write it, and flat enough to be read. */
class YamlTest {
    private static final int MAX_LEVELS = 12;
    private static final int SPACES_OF_LEVEL = 2;
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonSchema SCHEMA = JsonSchemaFactory.getInstance(VersionFlag.V4)
            .getSchema(YamlTest.class.getResourceAsStream("/schema/camelYamlDsl-canonical.json"));

    static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("routes", "examples", "src/main/resources/ready-made")) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> found = Files.walk(Path.of(folder))) {
                    found.filter(file -> isRoutes(file) || isKamelet(file))
                            .filter(file -> !file.toString().contains("target"))
                            .sorted()
                            .forEach(files::add);
                }
            }
        }
        return files;
    }

    private static boolean isRoutes(Path file) {
        return file.toString().endsWith(".camel.yaml");
    }

    private static boolean isKamelet(Path file) {
        return file.toString().endsWith(".kamelet.yaml");
    }

    @ParameterizedTest
    @MethodSource("files")
    void isCanonical(Path file) throws IOException {
        JsonNode routes = YAML.readTree(file.toFile());
        if (isKamelet(file)) {
            routes = routesOf(routes.at("/spec/template"));
        }
        assertTrue(routes.isArray() && !routes.isEmpty(), "no routes");
        assertEquals(List.of(), List.copyOf(SCHEMA.validate(routes)));
    }

    /** What a Kamelet has as its template, as the items of a file with routes. */
    private static JsonNode routesOf(JsonNode template) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        template.properties().forEach(entry -> items.addObject().set(entry.getKey(), entry.getValue()));
        return items;
    }

    static List<Path> kamelets() throws IOException {
        return files().stream().filter(YamlTest::isKamelet).toList();
    }

    /** As the catalogue of Camel wants it, so that editors can show it. */
    @ParameterizedTest
    @MethodSource("kamelets")
    void describesEachProperty(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());
        assertEquals(file.getFileName().toString(), kamelet.at("/metadata/name").asText() + ".kamelet.yaml");
        JsonNode definition = kamelet.at("/spec/definition");
        List<JsonNode> all = new ArrayList<>(List.of(definition));
        definition.get("properties").forEach(all::add);
        for (JsonNode described : all) {
            assertTrue(described.path("title").asText().matches("[A-Z].*"), described.toString());
            assertTrue(described.path("description").asText().matches("[A-Z].*\\."), described.toString());
        }
        definition.get("properties").properties().forEach(property -> {
            assertTrue(property.getValue().has("example"), property.getKey());
            boolean isRequired = definition.path("required").toString().contains('"' + property.getKey() + '"');
            assertEquals(!isRequired, property.getValue().has("default"), property.getKey());
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void isFlat(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            int spaces = line.length() - line.stripLeading().length();
            assertTrue(spaces <= MAX_LEVELS * SPACES_OF_LEVEL, line);
        }
    }
}
