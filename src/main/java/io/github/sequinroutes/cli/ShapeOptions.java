package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Nearest;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sample.SampleFile;
import io.github.sequinroutes.scaffold.RecordShape;
import io.github.sequinroutes.scaffold.SchemaFile;
import io.github.sequinroutes.sequin.SequinApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Where it is said what the records of a collection look like. */
final class ShapeOptions {
    @ArgGroup(exclusive = true)
    private Given given;

    @Option(names = "--data", description = "New tables have a column for the whole data as well.")
    private boolean withData;

    private static final class Given {
        @Option(
                names = "--sample",
                paramLabel = "FILE",
                description = "Look at the records in this file: a JSON value a line, each a record or a message.")
        private Path sample;

        @Option(
                names = "--schema",
                paramLabel = "FILE[#NAME]",
                description = "The data is as in this JSON Schema or OpenAPI document, in JSON or YAML; NAME is that of"
                        + " a schema in it, or a pointer such as /components/schemas/customer.")
        private String schema;
    }

    /** Whether any is given. */
    boolean isGiven() {
        return given != null || withData;
    }

    /** Whether the whole data is wanted as well. */
    boolean withData() {
        return withData;
    }

    /**
     * What the file says of the records of each collection; empty if none is given.
     *
     * @throws IllegalArgumentException if it says nothing of one
     */
    Map<String, RecordShape> read(List<String> collections) throws IOException {
        Map<String, RecordShape> shapes = new LinkedHashMap<>();
        List<Message> sample = given == null || given.sample == null ? null : sample();
        for (String collection : given == null ? List.<String>of() : collections) {
            shapes.put(collection, sample == null ? schema(collection) : shape(collection, sample));
        }
        return shapes;
    }

    private List<Message> sample() {
        SampleFile file = SampleFile.read(given.sample, SequinApi.of("consume").format());
        if (!file.problems().isEmpty()) {
            throw new IllegalArgumentException(file.problems().stream()
                    .map(Problem::toString)
                    .collect(Collectors.joining(System.lineSeparator())));
        }
        return file.messages();
    }

    private RecordShape shape(String collection, List<Message> sample) {
        RecordShape shape = new RecordShape();
        sample.stream()
                .filter(message -> collection.equals(message.collection()))
                .forEach(message -> shape.add(message.toString()));
        if (shape.records() == 0) {
            String others = sample.stream()
                    .map(Message::collection)
                    .filter(id -> !collection.equals(id))
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new IllegalArgumentException("--sample " + given.sample + " has no record of " + collection
                    + " with data" + (others.isEmpty() ? "" : "; it has some of " + others));
        }
        return shape;
    }

    private RecordShape schema(String collection) throws IOException {
        int hash = Files.exists(Path.of(given.schema)) ? -1 : given.schema.lastIndexOf('#');
        SchemaFile file = SchemaFile.read(Path.of(hash < 0 ? given.schema : given.schema.substring(0, hash)));
        List<String> names = file.names();
        if (hash >= 0) {
            String name = given.schema.substring(hash + 1);
            if (!name.startsWith("/") && !names.isEmpty() && !containsIgnoringCase(names, name)) {
                throw new IllegalArgumentException("--schema " + given.schema
                        + ": there is no such schema; the nearest: " + String.join(", ", Nearest.several(name, names)));
            }
            return file.shape(name);
        } else if (file.isSchema()) {
            return file.shape(null);
        }
        String name = file.nameFor(collection);
        if (name == null) {
            throw new IllegalArgumentException("--schema " + given.schema + ": say which of its schemas "
                    + collection + " has, as " + given.schema + "#NAME"
                    + (names.isEmpty()
                            ? "; it has none"
                            : "; the nearest: "
                                    + String.join(
                                            ", ",
                                            Nearest.several(
                                                    collection.substring(collection.indexOf(':') + 1), names))));
        }
        return file.shape(name);
    }

    private static boolean containsIgnoringCase(List<String> names, String name) {
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }
}
