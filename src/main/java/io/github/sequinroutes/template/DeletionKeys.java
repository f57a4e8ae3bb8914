package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The paths without whose values a delete template means no row: those that its condition compares with a column, as
 * {@code external_id = :#upstream_id} does. Nothing equals NULL, so PostgreSQL would take the deletion, and leave the row.
 */
final class DeletionKeys {
    /** With these a part of the condition may not have to be true. */
    private static final Set<String> UNCERTAIN = Set.of("or", "case", "between");

    private static final Set<String> ENDS = Set.of("returning", "order", "limit");

    private final Template template;
    private final List<TemplateToken> tokens;
    /** By the number of the path among all. */
    private final List<Integer> parameters = new ArrayList<>();

    /** Those of a template; none if it is no {@code delete} or {@code update}. */
    DeletionKeys(Template template) {
        this.template = template;
        tokens = template.tokens();
        TemplateToken verb = tokens.get(0);
        int where = verb.is("delete") || verb.is("update") ? next(0, Set.of("where")) : tokens.size();
        int end = next(where + 1, ENDS);
        if (next(where + 1, UNCERTAIN) < end) {
            return;
        }
        for (int from = where + 1; from < end; ) {
            int to = Math.min(end, next(from, Set.of("and")));
            read(from, to);
            from = to + 1;
        }
    }

    /** The next of these words that stands in no brackets, or the end. */
    private int next(int from, Set<String> words) {
        int depth = 0;
        for (int at = from; at < tokens.size(); at++) {
            TemplateToken token = tokens.get(at);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            if (depth == 0 && words.stream().anyMatch(token::is)) {
                return at;
            }
        }
        return tokens.size();
    }

    /** A part of the condition that is a column, an equals sign and a path, in any order, with or without casts. */
    private void read(int from, int to) {
        int equals = next(from, Set.of("="));
        for (int at = from; at < to; at++) {
            boolean isOther = at < equals ? isColumn(equals + 1, to) : isColumn(from, equals);
            boolean isAlone = at < equals ? isPath(from, equals) : isPath(equals + 1, to);
            if (equals < to && tokens.get(at).path() != null && isOther && isAlone) {
                parameters.add((int) tokens.subList(0, at).stream()
                        .filter(token -> token.path() != null)
                        .count());
            }
        }
    }

    private boolean isPath(int from, int to) {
        return from < to && tokens.get(from).path() != null && isCast(from + 1, to);
    }

    private boolean isColumn(int from, int to) {
        int at = from;
        while (at + 2 < to
                && tokens.get(at).name() != null
                && tokens.get(at + 1).is(".")) {
            at += 2;
        }
        return at < to && tokens.get(at).name() != null && isCast(at + 1, to);
    }

    private boolean isCast(int from, int to) {
        return from == to
                || (to == from + 2
                        && tokens.get(from).is("::")
                        && tokens.get(from + 1).name() != null);
    }

    /**
     * Makes sure that a deletion tells its row.
     *
     * @param texts its values by the number of their paths
     * @throws MalformedRecordException if it does not
     */
    void require(String[] texts) throws MalformedRecordException {
        for (int parameter : parameters) {
            if (texts[parameter] == null) {
                String path = tokens.stream()
                        .filter(token -> token.path() != null)
                        .skip(parameter)
                        .findFirst()
                        .orElseThrow()
                        .text();
                throw new MalformedRecordException(template.atPath(
                        parameter,
                        "the row is looked for by " + path + ", which the deletion does not have: no row would be"
                                + " deleted"));
            }
        }
    }
}
