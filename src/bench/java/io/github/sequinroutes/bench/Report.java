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
    private final Path folder;

    /** A report whose files are in a folder. */
    Report(Path folder) {
        this.folder = folder;
    }

    /** Says what is going on; this is not kept. */
    void progress(String line) {
        out.println("  " + line);
    }

    /** Begins a section. */
    void heading(String text) {
        add("## " + text);
    }

    /** A paragraph. */
    void text(String text) {
        add(text);
    }

    /** A table. */
    void table(Table table) {
        add(table.toString());
    }

    /** A chart, in a file of its own. */
    void chart(String name, String title, String svg) throws IOException {
        Files.writeString(folder.resolve(name), svg);
        add("![%s](%s)".formatted(title, name));
    }

    /** Writes all there is so far, and says where. */
    void write(String name) throws IOException {
        Files.writeString(folder.resolve(name), markdown);
        out.println("Written to " + folder.resolve(name));
    }

    private void add(String block) {
        out.println(block + System.lineSeparator());
        markdown.append(block).append("\n\n");
    }
}
