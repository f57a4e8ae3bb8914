package io.github.sequinroutes.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.sequinroutes.scaffold.FieldShape.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads the shape that a schema declares. Which of several alternatives a value has makes no difference: all count. */
final class SchemaReader {
    /** The data, an object in it that has all fields, an object in that, and its ID. */
    private static final int MAX_DEPTH = 4;

    private static final List<String> PARTS = List.of("allOf", "anyOf", "oneOf");

    private final Path file;
    private final JsonNode document;

    SchemaReader(Path file, JsonNode document) {
        this.file = file;
        this.document = document;
    }

    /** The shape of a schema of the document. */
    FieldShape read(JsonNode schema) {
        FieldShape shape = new FieldShape();
        read(schema, shape, MAX_DEPTH, new HashSet<>());
        return shape;
    }

    private void read(JsonNode schema, FieldShape shape, int depth, Set<String> references) {
        String reference = schema.path("$ref").asText(null);
        // one that leads back to itself says nothing more
        if (reference != null && references.add(reference)) {
            read(resolve(reference), shape, depth, references);
            references.remove(reference);
        }
        for (String part : PARTS) {
            schema.path(part).forEach(one -> read(one, shape, depth, references));
        }
        readTypes(schema, shape);
        JsonNode properties = schema.path("properties");
        for (String name : depth > 0 ? RecordJson.names(properties) : List.<String>of()) {
            FieldShape field = shape.field(name);
            read(properties.get(name), field, depth - 1, new HashSet<>());
            if (field.kinds().isEmpty()
                    && !properties.get(name).path("type").asText("").equals("null")) {
                field.declare(Kind.OBJECT); // anything: only JSON holds that
                field.declare(Kind.TEXT);
            }
        }
    }

    private void readTypes(JsonNode schema, FieldShape shape) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            type.forEach(one -> readType(one.asText(), schema, shape));
        } else if (type.isTextual()) {
            readType(type.asText(), schema, shape);
        } else if (schema.has("properties")
                || schema.path("additionalProperties").isObject()) {
            shape.declare(Kind.OBJECT);
        } else if (schema.has("items")) {
            shape.declare(Kind.ARRAY);
        } else {
            schema.path("enum").forEach(value -> readConstant(value, shape));
            readConstant(schema.path("const"), shape);
        }
    }

    private static void readConstant(JsonNode value, FieldShape shape) {
        if (value.isTextual()) {
            shape.declare(value.textValue().isEmpty() ? Kind.EMPTY : Kind.TEXT);
        } else if (value.isValueNode()) {
            shape.see(value);
        }
    }

    private static void readType(String type, JsonNode schema, FieldShape shape) {
        switch (type) {
            case "string" -> readText(schema, shape);
            case "integer" -> shape.declare(integer(schema));
            case "number" ->
                shape.declare(schema.path("format").asText("").startsWith("int") ? integer(schema) : Kind.DECIMAL);
            case "boolean" -> shape.declare(Kind.BOOLEAN);
            case "object" -> shape.declare(Kind.OBJECT);
            case "array" -> shape.declare(Kind.ARRAY);
            default -> {
                // null: any column may be
            }
        }
    }

    private static void readText(JsonNode schema, FieldShape shape) {
        JsonNode values = schema.path("enum");
        if (values.isArray()) {
            values.forEach(value -> readConstant(value, shape));
            return;
        }
        shape.declare(
                switch (schema.path("format").asText("")) {
                    case "date-time" -> Kind.DATE_TIME;
                    case "date" -> Kind.DATE;
                    case "uuid" -> Kind.UUID;
                    default -> Kind.TEXT;
                });
    }

    private static Kind integer(JsonNode schema) {
        String format = schema.path("format").asText("");
        String description = schema.path("description").asText("").toLowerCase(Locale.ROOT);
        if (format.startsWith("unix") || description.contains(" epoch") || description.contains("unix timestamp")) {
            return description.contains("millisecond") ? Kind.MILLISECONDS : Kind.SECONDS;
        }
        JsonNode maximum = schema.path("maximum");
        return maximum.isNumber() && !maximum.canConvertToLong() ? Kind.DECIMAL : Kind.INTEGER;
    }

    private JsonNode resolve(String reference) {
        if (!reference.startsWith("#")) {
            throw new IllegalArgumentException("--schema " + file + ": $ref " + reference
                    + " is in another document; put all into one first, with a bundler of OpenAPI documents");
        }
        String pointer = URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
        JsonNode found = document.at(pointer);
        if (found.isMissingNode()) {
            throw new IllegalArgumentException("--schema " + file + ": $ref " + reference + " leads nowhere");
        }
        return found;
    }
}
