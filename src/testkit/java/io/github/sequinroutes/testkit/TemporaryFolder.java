package io.github.sequinroutes.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A folder that is deleted as it is closed. */
public final class TemporaryFolder implements AutoCloseable {
    private final Path path;

    /** A new one, whose name begins so. */
    public TemporaryFolder(String prefix) throws IOException {
        path = Files.createTempDirectory(prefix);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Copies the shipped routes into a folder in it, or into itself if the name is empty; returns that folder. */
    public Path copyRoutes(String name) throws IOException {
        return copy(Path.of("routes"), path.resolve(name));
    }

    /** Copies all that is in a folder into another, and returns the latter. */
    public static Path copy(Path source, Path target) throws IOException {
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

    /** Deletes a folder with all that is in it. */
    public static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        delete(path);
    }
}
