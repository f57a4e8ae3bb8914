package io.github.sequinroutes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Prints a line for each PostgreSQL version that the tests ran on, from their reports. */
public final class MatrixSummary {
    private int tests;
    private int skipped;
    private int failed;
    private final StringBuilder failures = new StringBuilder();

    private MatrixSummary() {}

    /** The argument is the folder with the reports, in a folder of each version. */
    public static void main(String[] arguments) throws Exception {
        System.out.println();
        for (Path version : sorted(Path.of(arguments[0]))) {
            MatrixSummary summary = new MatrixSummary();
            for (Path report : sorted(version)) {
                if (report.getFileName().toString().matches("TEST-.*\\.xml")) {
                    summary.add(report);
                }
            }
            System.out.printf(
                    "PostgreSQL %s: %d tests, %d failed, %d skipped%s%n",
                    version.getFileName(), summary.tests, summary.failed, summary.skipped, summary.failures);
        }
        System.out.println();
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private void add(Path report) throws Exception {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(report.toFile());
        Element suite = document.getDocumentElement();
        tests += Integer.parseInt(suite.getAttribute("tests"));
        skipped += Integer.parseInt(suite.getAttribute("skipped"));
        failed += Integer.parseInt(suite.getAttribute("failures")) + Integer.parseInt(suite.getAttribute("errors"));
        for (String kind : List.of("failure", "error")) {
            var found = suite.getElementsByTagName(kind);
            for (int i = 0; i < found.getLength(); i++) {
                Node test = found.item(i).getParentNode();
                failures.append("%n  ".formatted())
                        .append(test.getAttributes().getNamedItem("classname").getNodeValue())
                        .append('.')
                        .append(test.getAttributes().getNamedItem("name").getNodeValue());
            }
        }
    }
}
