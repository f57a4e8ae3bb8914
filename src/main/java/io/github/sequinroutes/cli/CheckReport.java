package io.github.sequinroutes.cli;

import io.github.sequinroutes.cli.KeyNames.Doubt;
import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.Problem;
import java.nio.file.Path;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Prints what a check has found, a line for each, and what the exit status is for it. */
final class CheckReport {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    private final Consumer<String> out;
    private final boolean strict;
    private int status;

    /** With {@code strict}, a warning is as bad as something that the database refuses. */
    CheckReport(Consumer<String> out, boolean strict) {
        this.out = out;
        this.strict = strict;
    }

    /** An empty report with something before each line. */
    CheckReport part(String prefix) {
        return new CheckReport(line -> out.accept(prefix + line), strict);
    }

    /** Another report is a part of this one. */
    void add(CheckReport other) {
        count(other.status);
    }

    /**
     * Prints problems in the order of files and places.
     *
     * @param ofFiles which of them are wrong in themselves, whatever the database says
     */
    void print(Collection<Problem> problems, Predicate<Problem> ofFiles) {
        for (Problem problem : problems.stream().distinct().sorted().toList()) {
            out.accept(Printable.line(problem.toString()));
            int worst = ofFiles.test(problem) ? WRONG : FAILED;
            count(problem.isWarning() ? warning() : worst);
        }
    }

    /** What is wrong, and has no place in a file. */
    void error(String problem) {
        out.accept(problem);
        count(FAILED);
    }

    /** What is doubtful, and has no place in a file. */
    void warn(String doubt) {
        out.accept("Warning: " + Printable.line(doubt));
        count(warning());
    }

    /** What is not wrong. */
    void say(String line) {
        out.accept(line);
    }

    /** Names of keys that nobody reads. */
    void ofNames(Collection<Doubt> doubts, Path config) {
        KeyLines lines = new KeyLines(config);
        add(doubts, lines);
        lines.byPlace().forEach(out);
    }

    private void add(Collection<Doubt> doubts, KeyLines lines) {
        for (Doubt doubt : doubts) {
            lines.add(doubt.isTypo() ? "" : "Warning: ", true, doubt.name(), Printable.line(doubt.text()));
            count(doubt.isTypo() ? WRONG : warning());
        }
    }

    /** Keys whose values cannot be used, where they stand: in the file, in the environment or on the command line; and the same. */
    void ofKeys(SettingsException wrong, Collection<Doubt> doubts, Path config) {
        KeyLines lines = new KeyLines(config);
        wrong.problems().forEach((key, problem) -> {
            String overruling = wrong.overruling(key);
            boolean isInFile = PropertiesFile.place(config, key) != null;
            String what = overruling != null ? overruling : (isInFile ? "" : "The configuration: ") + key;
            lines.add("", overruling == null, key, Printable.line(what + " " + problem));
        });
        add(doubts, lines);
        lines.byPlace().forEach(out);
        count(WRONG);
    }

    private int warning() {
        return strict ? FAILED : 0;
    }

    private void count(int found) {
        status = Math.max(status, found);
    }

    /** The exit status: 0, 1 if something does not fit, 2 if a file or a key is wrong in itself. */
    int status() {
        return status;
    }

    /** Whether a file or a key is wrong in itself. */
    boolean isWrong() {
        return status == WRONG;
    }
}
