package io.github.sequinroutes.check;

import io.github.sequinroutes.failure.Printable;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.template.Template;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is found in a template, but for what a comment in it allows. */
final class Findings {
    private final Template template;
    private final List<Problem> problems;
    private final List<Allowance> allowances;
    private final Set<String> used;
    private final Set<Integer> errors;
    private final Set<Finding> found;
    private final boolean isDoubtful;
    /** What every text begins with. */
    private final String prefix;

    Findings(Template template) {
        this.template = template;
        problems = new ArrayList<>();
        allowances = Allowance.of(template, problems);
        used = new HashSet<>();
        errors = new HashSet<>();
        found = EnumSet.noneOf(Finding.class);
        isDoubtful = false;
        prefix = "";
    }

    private Findings(Findings others, boolean isDoubtful, String prefix) {
        template = others.template;
        problems = others.problems;
        allowances = others.allowances;
        used = others.used;
        errors = others.errors;
        found = others.found;
        this.isDoubtful = isDoubtful;
        this.prefix = prefix;
    }

    /** The same, for what is not certain: of that an error is a warning. */
    Findings doubtful() {
        return new Findings(this, true, prefix);
    }

    /** The same, for what is not read but tried. */
    Findings tried() {
        return new Findings(this, isDoubtful, "tried with made-up records, ");
    }

    /** What nobody can mean, at a position of the file's content. */
    void error(int position, String text) {
        if (errors.add(position)) {
            problems.add(template.problemAt(position, false, Printable.line(text)));
        }
    }

    /** What is wrong at a position is said elsewhere. */
    void isReported(int position) {
        errors.add(position);
    }

    /** What makes the table wrong, or the collection stop, unless it is meant. */
    void error(Finding finding, int position, String text) {
        if (isDoubtful) {
            warning(finding, position, text);
        } else if (!isAllowed(finding) && errors.add(position)) {
            problems.add(problem(finding, position, false, text));
        }
    }

    /** The one or the other. */
    void report(boolean isError, Finding finding, int position, String text) {
        if (isError) {
            error(finding, position, text);
        } else {
            warning(finding, position, text);
        }
    }

    /** What may be as it should. */
    void warning(Finding finding, int position, String text) {
        if (!isAllowed(finding)) {
            problems.add(problem(finding, position, true, text));
        }
    }

    /** What else is wrong nobody knows, since reading the template failed by itself. */
    void unfinished(RuntimeException ownMistake) {
        problems.add(template.problemAt(
                0,
                true,
                Printable.line("is not checked any further, for a mistake of check itself (" + ownMistake
                        + "); please report it, with this template")));
    }

    private Problem problem(Finding finding, int position, boolean isWarning, String text) {
        found.add(finding);
        return template.problemAt(
                position,
                isWarning,
                prefix + Printable.line(text) + "; if it is meant, add -- sequin: allow " + finding.text());
    }

    /** Whether a comment says that this is meant. */
    boolean isAllowed(Finding finding) {
        boolean allowed =
                allowances.stream().anyMatch(allowance -> allowance.text().equals(finding.text()));
        if (allowed) {
            used.add(finding.text());
        }
        return allowed;
    }

    /** Whether any of these has been found. */
    boolean isFound(Finding... any) {
        return Stream.of(any).anyMatch(found::contains);
    }

    /** Whether there is an error at this position. */
    boolean hasErrorAt(int position) {
        return errors.contains(position);
    }

    /** Whether there is any error. */
    boolean hasErrors() {
        return !errors.isEmpty();
    }

    /** All of them; with what allows nothing, if all checks were made. */
    List<Problem> problems(boolean isComplete) {
        List<Problem> all = new ArrayList<>(problems);
        for (Allowance allowance : isComplete ? allowances : List.<Allowance>of()) {
            if (!used.contains(allowance.text())) {
                all.add(template.problemAt(
                        allowance.position(), true, "allow " + allowance.text() + " allows nothing here; remove it"));
            }
        }
        return all;
    }
}
