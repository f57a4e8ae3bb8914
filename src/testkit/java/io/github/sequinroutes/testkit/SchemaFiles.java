package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The numbered files that make the bundle's own tables, as somebody may run them without the bundle. */
public final class SchemaFiles {
    private SchemaFiles() {}

    /** Their names below a project or a package, in their order. */
    public static List<Path> in(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("schema/migrations"))) {
            return files.sorted().toList();
        }
    }

    /** What they say, those of this project. */
    public static String text() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file : in(Path.of(""))) {
            text.append(Files.readString(file)).append('\n');
        }
        return text.toString();
    }
}
