package io.github.sequinroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder of a test's own, which is gone when the test is over. */
public final class TestFolder implements AutoCloseable {
    private final Path path;

    /** A new one, whose name begins so. */
    public TestFolder(String prefix) throws IOException {
        path = Files.createTempDirectory(prefix);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Copies the shipped routes into a folder in it, or into itself if the name is empty; returns that folder. */
    public Path copyRoutes(String name) throws IOException {
        Path source = Path.of("routes");
        Path target = path.resolve(name);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path copy = target.resolve(source.relativize(file));
                if (!Files.isDirectory(file)) {
                    Files.copy(file, copy);
                } else if (!Files.isDirectory(copy)) {
                    Files.createDirectories(copy);
                }
            }
        }
        return target;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
