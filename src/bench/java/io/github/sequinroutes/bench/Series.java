package io.github.sequinroutes.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The figures of one thing, one from each round. */
record Series(List<Double> figures) {
    /** What each run says about something. */
    static Series of(List<Run> runs, ToDoubleFunction<Run> figure) {
        return new Series(runs.stream().map(figure::applyAsDouble).toList());
    }

    /** The records a second of each run. */
    static Series rates(List<Run> runs) {
        return of(runs, Run::recordsPerSecond);
    }

    private double mean() {
        return figures.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    /** The mean, and what each round showed. */
    String shown(int decimals) {
        return shown(mean(), figures, decimals);
    }

    /** The ratio of the means, and the ratio in each round. */
    String over(Series other, int decimals) {
        List<Double> ratios = IntStream.range(0, figures.size())
                .mapToObj(round -> figures.get(round) / other.figures.get(round))
                .toList();
        return shown(mean() / other.mean(), ratios, decimals);
    }

    private static String shown(double whole, List<Double> rounds, int decimals) {
        String format = "%." + decimals + "f";
        return rounds.stream()
                .map(format::formatted)
                .collect(Collectors.joining(", ", format.formatted(whole) + " (", ")"));
    }
}
