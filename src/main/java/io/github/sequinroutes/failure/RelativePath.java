package io.github.sequinroutes.failure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The path of a file as it stands in messages: short, and one that an editor or a terminal can open. */
public final class RelativePath {
    private RelativePath() {}

    /** The path as seen from the working directory, if the file is below that; else as it is. */
    public static String of(String file) {
        try {
            Path path = Path.of(file);
            Path here = Path.of("").toAbsolutePath();
            return path.isAbsolute() && path.startsWith(here)
                    ? here.relativize(path).toString()
                    : file;
        } catch (InvalidPathException e) {
            return file;
        }
    }
}
