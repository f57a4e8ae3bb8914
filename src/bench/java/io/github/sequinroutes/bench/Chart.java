package io.github.sequinroutes.bench;

import java.util.ArrayList;
import java.util.List;

/** A bar chart: some groups of bars, one for each series, with its number on it. Readable on light and dark pages. */
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 330;
    private static final int TOP = 70;
    private static final int BOTTOM = HEIGHT - 50;
    private static final int MARGIN = 12;
    private static final int WIDEST_BAR = 42;
    private static final String STYLE = """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #333; text-anchor: middle; }
              .title { font-size: 15px; font-weight: 600; text-anchor: start; }
              .key { text-anchor: start; }
              .number { font-size: 10px; }
              line { stroke: #999; }
              .series0 { fill: #2f6fdb; } .series1 { fill: #a8b3c2; } .series2 { fill: #d9822b; }
              @media (prefers-color-scheme: dark) {
                text { fill: #ddd; }
                .series0 { fill: #5b93f0; } .series1 { fill: #6b7685; } .series2 { fill: #e8a158; }
              }
            </style>
            """;

    private record Group(List<String> label, List<Double> values) {}

    private final String title;
    private final List<String> series;
    private final List<Group> groups = new ArrayList<>();

    Chart(String title, List<String> series) {
        this.title = title;
        this.series = List.copyOf(series);
    }

    /** Adds a group: the lines of its label, and a value for each series, NaN where there is none. */
    void group(List<String> label, Double... values) {
        groups.add(new Group(label, List.of(values)));
    }

    /** The chart as SVG. */
    String svg() {
        StringBuilder svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
                <title>%3$s</title>
                """.formatted(WIDTH, HEIGHT, title));
        svg.append(STYLE);
        svg.append(text("title", MARGIN, 24, title));
        for (int i = 0; i < series.size(); i++) {
            int x = MARGIN + i * 110;
            svg.append(bar(i, x, 38, 12, 12)).append(text("key", x + 18, 49, series.get(i)));
        }
        double slot = (WIDTH - 2.0 * MARGIN) / groups.size();
        for (int i = 0; i < groups.size(); i++) {
            svg.append(group(groups.get(i), MARGIN + i * slot, slot));
        }
        svg.append(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n".formatted(MARGIN, BOTTOM, WIDTH - MARGIN, BOTTOM));
        return svg.append("</svg>\n").toString();
    }

    private String group(Group group, double left, double slot) {
        StringBuilder svg = new StringBuilder();
        long bars = group.values.stream().filter(value -> !value.isNaN()).count();
        double width = Math.min(WIDEST_BAR, (slot - 8) / bars);
        double x = left + (slot - width * bars) / 2;
        for (int i = 0; i < group.values.size(); i++) {
            double value = group.values.get(i);
            if (!Double.isNaN(value)) {
                double height = value / most() * (BOTTOM - TOP - 16);
                svg.append(bar(i, x, BOTTOM - height, width - 2, height));
                svg.append(text("number", x + width / 2 - 1, BOTTOM - height - 4, number(value)));
                x += width;
            }
        }
        for (int i = 0; i < group.label.size(); i++) {
            svg.append(text("label", left + slot / 2, BOTTOM + 18 + 16 * i, group.label.get(i)));
        }
        return svg.toString();
    }

    private double most() {
        return groups.stream()
                .flatMap(group -> group.values.stream())
                .filter(value -> !value.isNaN())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
    }

    private static String number(double value) {
        return value < 10_000 ? "%.0f".formatted(value) : "%.1fk".formatted(value / 1000);
    }

    private static String bar(int series, double x, double y, double width, double height) {
        return "<rect class=\"series%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n"
                .formatted(series, x, y, width, height);
    }

    private static String text(String style, double x, double y, String text) {
        return "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n".formatted(style, x, y, text);
    }
}
