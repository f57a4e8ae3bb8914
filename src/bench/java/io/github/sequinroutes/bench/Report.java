package io.github.sequinroutes.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the benchmark shows: printed as it comes, and kept as Markdown. */
final class Report {
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final StringBuilder markdown = new StringBuilder();
    private final Path file;

    Report(Path file) {
        this.file = file;
    }

    /** Says what is going on; this is not kept. */
    void progress(String line) {
        out.println("  " + line);
    }

    /** A paragraph, a heading or a table. */
    void text(Object block) {
        out.println(block + System.lineSeparator());
        markdown.append(block).append("\n\n");
    }

    /** Writes all there is so far, and says where. */
    void write() throws IOException {
        Files.writeString(file, markdown);
        out.println("Written to " + file);
    }
}
