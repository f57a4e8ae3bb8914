package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;

/** Goes through the tokens of a statement, brackets and what is in them at once. */
class TokenCursor {
    final List<TemplateToken> tokens;
    /** The token that comes next. */
    int at;

    TokenCursor(List<TemplateToken> tokens, int at) {
        this.tokens = tokens;
        this.at = at;
    }

    /** The names in brackets, or null if there are not only names; goes behind them. */
    List<Integer> names() {
        List<Integer> names = new ArrayList<>();
        for (Range item : items()) {
            if (names == null
                    || item.to() != item.from() + 1
                    || tokens.get(item.from()).name() == null) {
                names = null;
            } else {
                names.add(item.from());
            }
        }
        return names;
    }

    List<Range> items() {
        at++;
        List<Range> items = list();
        skip(")");
        return items;
    }

    List<Range> list() {
        List<Range> items = new ArrayList<>();
        do {
            Range item = expression();
            if (item.to() > item.from()) {
                items.add(item);
            }
        } while (skip(","));
        return items;
    }

    /** Up to a comma, a bracket that was not opened in it, or the next clause. */
    Range expression() {
        int from = at;
        while (at < tokens.size() && !is(",") && !is(")") && !endsExpression()) {
            next();
        }
        return new Range(from, at);
    }

    boolean endsExpression() {
        boolean isFrom = is("from") && at > 0 && !tokens.get(at - 1).is("distinct");
        return isFrom || is("where") || is("returning") || (is("on") && isAt(at + 1, "conflict"));
    }

    /** Goes behind this token, or the brackets that it opens. */
    void next() {
        int depth = 0;
        do {
            depth += is("(") || is("[") ? 1 : is(")") || is("]") ? -1 : 0;
            at++;
        } while (depth > 0 && at < tokens.size());
    }

    void seek(List<String> keywords) {
        while (at < tokens.size() && !isAny(keywords)) {
            next();
        }
    }

    boolean isAny(List<String> keywords) {
        return keywords.stream().anyMatch(this::is);
    }

    boolean isName() {
        return at < tokens.size() && tokens.get(at).name() != null;
    }

    boolean is(String keyword) {
        return isAt(at, keyword);
    }

    boolean isAt(int token, String keyword) {
        return token < tokens.size() && tokens.get(token).is(keyword);
    }

    boolean skip(String keyword) {
        boolean here = is(keyword);
        at += here ? 1 : 0;
        return here;
    }
}
