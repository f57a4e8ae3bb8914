package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A JSON Schema or an OpenAPI document, in JSON or YAML. */
public final class SchemaFile {
    /** Where such documents have schemas with names. */
    private static final List<String> PLACES = List.of("/components/schemas", "/$defs", "/definitions");

    private static final List<String> OF_A_SCHEMA = List.of("properties", "$ref", "allOf", "anyOf", "oneOf", "type");
    private static final int MAX_ALIASES = 10_000;

    private final Path file;
    private final JsonNode document;

    private SchemaFile(Path file, JsonNode document) {
        this.file = file;
        this.document = document;
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is none, with the place
     */
    public static SchemaFile read(Path file) throws IOException {
        try {
            String text = Files.readString(file);
            boolean isJson = text.stripLeading().startsWith("{");
            return new SchemaFile(file, isJson ? RecordJson.MAPPER.readTree(text) : yaml(file, text));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("--schema " + file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ":1:1: is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    file + ":" + e.getLocation().getLineNr() + ":"
                            + e.getLocation().getColumnNr() + ": is not JSON: " + RecordJson.problem(e),
                    e);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException(
                    file + ": is neither JSON nor YAML: " + e.getMessage().replaceAll("\\s+", " "), e);
        }
    }

    private static JsonNode yaml(Path file, String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file.toString())
                .setCodePointLimit(Integer.MAX_VALUE)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setAllowDuplicateKeys(true)
                .build();
        return RecordJson.MAPPER.valueToTree(new Load(settings).loadFromString(text));
    }

    /** Whether it is a schema itself, and not only a document that has some. */
    public boolean isSchema() {
        return OF_A_SCHEMA.stream().anyMatch(document::has);
    }

    /** The names of the schemas in it. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        PLACES.forEach(place -> names.addAll(RecordJson.names(document.at(place))));
        return names;
    }

    /** The name of the schema that a collection's records have, going by the collection's ID, or null. */
    public String nameFor(String collection) {
        String own = collection.substring(collection.indexOf(':') + 1);
        String plural = TableName.of(collection).name();
        for (String name : names()) {
            String snake = Identifiers.snake(name);
            if (name.equals(own) || snake.equals(Identifiers.snake(own)) || snake.equals(plural)) {
                return name;
            }
        }
        return null;
    }

    /**
     * What records look like whose data has a schema.
     *
     * @param name its name, or a pointer such as {@code /components/schemas/customer}, or null for the document itself
     * @throws IllegalArgumentException if there is none, or it describes no object
     */
    public RecordShape shape(String name) {
        JsonNode schema = name == null ? document : find(name);
        String place = file + (name == null ? "" : "#" + name);
        if (schema.isMissingNode()) {
            throw new IllegalArgumentException("--schema " + place + ": there is no such schema");
        }
        FieldShape data = new SchemaReader(file, document).read(schema);
        if (data.fields().isEmpty()) {
            throw new IllegalArgumentException("--schema " + place + ": describes no object with properties");
        }
        boolean isRecord =
                data.fields().containsKey(StandardFields.DATA) && data.fields().containsKey(StandardFields.VERSION);
        return RecordShape.declared(isRecord ? data.field(StandardFields.DATA) : data);
    }

    private JsonNode find(String name) {
        if (name.startsWith("/")) {
            return document.at(name);
        }
        for (String place : PLACES) {
            JsonNode schema = document.at(place).path(name);
            if (!schema.isMissingNode()) {
                return schema;
            }
        }
        for (String known : names()) {
            if (known.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return find(known);
            }
        }
        return document.path("");
    }
}
