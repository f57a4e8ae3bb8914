package io.github.sequinroutes.collection;

import io.github.sequinroutes.failure.Problem;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says of a text that is no YAML what its author did. A parser speaks of tokens, and of the place where it could not go on,
 * which is often a line below.
 */
final class YamlSyntax {
    private static final Pattern TAB = Pattern.compile("^ *\t");
    private static final Pattern NEEDS_QUOTES = Pattern.compile("^\\s*(?:- +)*(?:[^'\"#:]+: +)?([*&@`%!].*)$");
    private static final Pattern TWO_COLONS = Pattern.compile("^\\s*(?:- +)*[\\w-]+: +[^'\"#{\\[].*?(:)(?: .*)?$");
    private static final Pattern NO_BLANK = Pattern.compile("^\\s*(?:- +)*[\\w-]+(:)[^\\s:].*$");
    private static final Pattern NO_COLON = Pattern.compile("^\\s*(?:- +)*([A-Za-z]\\w*)(?: +[^:]*)?$");

    private final String file;
    private final List<String> lines;

    YamlSyntax(String file, String text) {
        this.file = file;
        lines = text.lines().toList();
    }

    /** The problem behind what the parser found. */
    Problem problem(MarkedYamlEngineException e) {
        Mark mark = e.getProblemMark().orElse(null);
        if (mark == null) {
            return at(0, 0, YamlText.problem(e));
        }
        int line = Math.min(mark.getLine(), lines.size() - 1);
        Mark context = e.getContextMark().orElse(mark);
        Problem found = tab(line);
        found = found == null ? quotes(context.getLine(), line, e) : found;
        if (found != null) {
            return found;
        }
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("mapping values are not allowed")) {
            return value(line, mark);
        }
        if (problem.contains("could not find expected ':'")) {
            return key(Math.min(context.getLine(), lines.size() - 1), context);
        }
        if (problem.contains("unexpected end of stream")
                && String.valueOf(e.getContext()).contains("quoted")) {
            return at(context.getLine(), context.getColumn(), "this quote is not closed; close it on the same line");
        }
        if (problem.contains("unknown escape character")) {
            return at(line, mark.getColumn(), "in double quotes a \\ begins an escape; use single quotes");
        }
        if (problem.contains("expected <block end>")) {
            return level(line, mark, context, problem);
        }
        if (problem.contains("expected ',' or")) {
            return at(
                    context.getLine(),
                    context.getColumn(),
                    "what begins here is not closed, or lacks a ','; write it on one line, or as a list with '- '");
        }
        if (problem.contains("but found another document")) {
            return at(line, mark.getColumn(), "a file is one document; remove the '---'");
        }
        return at(line, mark.getColumn(), YamlText.problem(e));
    }

    private Problem tab(int last) {
        for (int i = 0; i <= last; i++) {
            Matcher tab = TAB.matcher(lines.get(i));
            if (tab.find()) {
                return at(
                        i, tab.end() - 1, "a tab stands in the indentation; YAML takes only blanks, write two of them");
            }
        }
        return null;
    }

    /** A value that begins with a character that means something else to YAML. */
    private Problem quotes(int first, int last, MarkedYamlEngineException e) {
        String problem = YamlText.problem(e);
        if (!problem.contains("alias") && !problem.contains("anchor") && !problem.contains("cannot start any token")) {
            return null;
        }
        for (int i = Math.max(0, Math.min(first, last)); i <= last; i++) {
            Matcher value = NEEDS_QUOTES.matcher(lines.get(i));
            if (value.matches()) {
                String text = value.group(1).strip();
                return at(
                        i,
                        value.start(1),
                        "a value that begins with " + text.charAt(0) + " must be in quotes: '" + text + "'");
            }
        }
        return null;
    }

    /** A colon where none can be: in a value, or behind a name that is indented as if it belonged to the value above. */
    private Problem value(int line, Mark mark) {
        String text = lines.get(line);
        Matcher colon = TWO_COLONS.matcher(text);
        if (colon.matches()) {
            int start = text.indexOf(": ") + 2;
            return at(
                    line,
                    start,
                    "a value with a ':' before a blank must be in quotes: '" + text.substring(start) + "'");
        }
        int above = above(line);
        Matcher noColon = above < 0 ? null : NO_COLON.matcher(lines.get(above));
        if (noColon != null && noColon.matches()) {
            return at(above, noColon.start(1), "a ':' is missing behind " + noColon.group(1));
        }
        Matcher noBlank = above < 0 ? null : NO_BLANK.matcher(lines.get(above));
        if (noBlank != null && noBlank.matches()) {
            return at(above, noBlank.end(1), "a blank is missing behind the ':'");
        }
        if (above >= 0 && lines.get(above).strip().matches("-[A-Za-z].*")) {
            return at(above, indentation(lines.get(above)), "a blank is missing behind the '-'");
        }
        int column = indentation(text);
        return at(
                line,
                Math.min(column, mark.getColumn()),
                "this line is indented deeper than line " + (above + 1)
                        + ", which already has a value; indent it like the names that it stands beside");
    }

    /** A line that is neither a name with a value nor a part of one. */
    private Problem key(int line, Mark mark) {
        String text = lines.get(line);
        Matcher noBlank = NO_BLANK.matcher(text);
        return noBlank.matches()
                ? at(line, noBlank.end(1), "a blank is missing behind the ':'")
                : at(line, mark.getColumn(), "a ':' is missing: a name is followed by ': ' and its value");
    }

    private Problem level(int line, Mark mark, Mark context, String problem) {
        String text = lines.get(line).strip();
        if (text.matches("-[A-Za-z].*")) {
            return at(line, mark.getColumn(), "a blank is missing behind the '-'");
        }
        if (problem.contains("'?'") && !text.startsWith("-")) {
            return at(
                    line,
                    mark.getColumn(),
                    "this line stands where the items of the list begin, without '- '; write the '- ', or indent the line"
                            + " like what it belongs to");
        }
        int first = above(line);
        while (first > 0 && indentation(lines.get(above(first))) == indentation(lines.get(first))) {
            first = above(first);
        }
        if (text.startsWith("- ") && first > 0 && !lines.get(first).strip().startsWith("-")) {
            return at(
                    first,
                    indentation(lines.get(first)),
                    "a '- ' is missing: the items of a list begin with it, as in line " + (line + 1));
        }
        return at(
                line,
                mark.getColumn(),
                "the indentation fits no line above: what began in line %d has column %d; indent it alike"
                        .formatted(context.getLine() + 1, context.getColumn() + 1));
    }

    /** The line above that is neither blank nor a comment, or -1. */
    private int above(int line) {
        int above = line - 1;
        while (above >= 0 && lines.get(above).strip().matches("(#.*)?")) {
            above--;
        }
        return above;
    }

    private static int indentation(String line) {
        return line.length() - line.stripLeading().length();
    }

    private Problem at(int line, int column, String text) {
        return new Problem(file, line + 1, column + 1, false, text);
    }
}
