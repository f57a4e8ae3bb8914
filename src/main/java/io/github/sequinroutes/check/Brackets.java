package io.github.sequinroutes.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** The round brackets of a statement that PostgreSQL cannot read: it notices one that is missing far behind its place. */
record Brackets(SqlStatement statement) {
    /** Which one is not closed, or closes nothing; empty if each has its other. */
    String advice() {
        Deque<Integer> open = new ArrayDeque<>();
        for (int at = 0; at < statement.tokens().size(); at++) {
            if (is(at, "(")) {
                open.addLast(at);
            } else if (is(at, ")") && open.pollLast() == null) {
                return "; the ) at " + statement.lineAndColumn(at)
                        + " closes nothing: leave it out, or one that is too many before it";
            }
        }
        if (open.size() == 1) {
            return "; the ( at " + statement.lineAndColumn(likely(open.getLast())) + " has no )";
        }
        return open.isEmpty()
                ? ""
                : open.stream()
                        .map(statement::lineAndColumn)
                        .collect(Collectors.joining(", ", "; the ( at ", " have no )"));
    }

    /** In a row of values with too few of them, the last bracket in it has taken that of the row. */
    private int likely(int open) {
        boolean isRow = open > 0 && is(open - 1, "values") && statement.columns() != null;
        int commas = 0;
        List<Integer> inner = new ArrayList<>();
        int last = open;
        int at = open + 1;
        for (; isRow && at < statement.tokens().size() && !isEnd(at); at++) {
            commas += inner.isEmpty() && is(at, ",") ? 1 : 0;
            if (is(at, "(")) {
                inner.add(at);
            } else if (is(at, ")")) {
                last = inner.remove(inner.size() - 1);
            }
        }
        return isRow && commas + 1 < statement.columns().size() && is(at - 1, ")") ? last : open;
    }

    private boolean isEnd(int at) {
        return is(at, "returning") || (is(at, "on") && is(at + 1, "conflict"));
    }

    private boolean is(int at, String text) {
        return statement.is(at, text);
    }
}
