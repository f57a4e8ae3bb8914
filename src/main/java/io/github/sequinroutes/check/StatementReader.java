package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.check.SqlStatement.Conflict;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.template.TemplateToken;
import java.util.ArrayList;
import java.util.List;

/** Reads the parts of a statement. What it does not know it skips: PostgreSQL judges that. */
final class StatementReader {
    private static final List<String> VERBS = List.of("insert", "update", "delete", "select", "merge", "values");

    private final Template template;
    private final List<TemplateToken> tokens;
    private int at;

    private Range target = new Range(0, 0);
    private String alias;
    private int columnList = -1;
    private List<Integer> columns;
    private boolean overriding;
    private List<Range> values;
    private boolean isPlain;
    private Conflict conflict;
    private int setAt = -1;
    private final List<Assignment> assignments = new ArrayList<>();
    private boolean isSetKnown = true;
    private Range where;

    private StatementReader(Template template) {
        this.template = template;
        tokens = template.tokens();
    }

    /** The parts of a template's statement. */
    static SqlStatement read(Template template) {
        return new StatementReader(template).read();
    }

    private SqlStatement read() {
        if (is("with")) {
            seek(VERBS);
        }
        int verbAt = at;
        Verb verb = Verb.OTHER;
        if (skip("insert")) {
            verb = Verb.INSERT;
            insert();
        } else if (skip("update")) {
            verb = Verb.UPDATE;
            skip("only");
            table();
            if (is("set")) {
                set();
            }
            where();
        } else if (skip("delete")) {
            verb = Verb.DELETE;
            skip("from");
            skip("only");
            table();
            where();
        } else if (is("select")) {
            verb = Verb.SELECT;
        }
        seek(List.of("returning"));
        return new SqlStatement(
                template,
                tokens,
                verb,
                verbAt,
                target,
                alias,
                columnList,
                columns,
                overriding,
                values,
                isPlain,
                conflict,
                setAt,
                List.copyOf(assignments),
                isSetKnown,
                where,
                at < tokens.size() ? at : -1);
    }

    private void table() {
        int from = at;
        if (isName()) {
            at++;
            while (is(".") && at + 1 < tokens.size() && tokens.get(at + 1).name() != null) {
                at += 2;
            }
        }
        target = new Range(from, at);
        skip("*");
        if (skip("as")
                || (isName()
                        && !isAny(List.of(
                                "set",
                                "where",
                                "using",
                                "returning",
                                "values",
                                "select",
                                "default",
                                "overriding",
                                "on",
                                "with",
                                "table")))) {
            alias = isName() ? tokens.get(at).name() : null;
            at++;
        }
    }

    private void insert() {
        skip("into");
        table();
        if (is("(") && !isAt(at + 1, "select") && !isAt(at + 1, "with") && !isAt(at + 1, "values")) {
            columnList = at;
            columns = names();
        }
        if (skip("overriding")) {
            overriding = true;
            at = Math.min(tokens.size(), at + 2);
        }
        if (skip("values")) {
            values = is("(") ? items() : null;
            isPlain = !is(",");
        } else if (skip("select")) {
            values = skip("distinct") || skip("all") ? null : list();
            if (values != null
                    && values.stream()
                            .anyMatch(value -> tokens.get(value.to() - 1).is("*"))) {
                values = null;
            }
        }
        while (at < tokens.size() && !(is("on") && isAt(at + 1, "conflict"))) {
            if (is("returning")) {
                return;
            }
            next();
        }
        if (at < tokens.size()) {
            conflict();
        }
    }

    private void conflict() {
        int begin = at;
        at += 2;
        int targetAt = at;
        int constraint = -1;
        List<Integer> names = null;
        boolean isSimple = false;
        if (skip("on")) {
            at++;
            constraint = at < tokens.size() ? at : -1;
        } else if (is("(")) {
            targetAt = at + 1;
            names = names();
            isSimple = names != null && !is("where");
        }
        seek(List.of("do"));
        at = Math.min(tokens.size() - 1, at + 1);
        int action = at;
        conflict = new Conflict(begin, targetAt, names, isSimple, constraint, action);
        if (skip("update") && is("set")) {
            set();
            where();
        }
    }

    private void set() {
        setAt = at;
        at++;
        do {
            if (is("(")) {
                assignSeveral();
            } else if (isName() && isAt(at + 1, "=")) {
                int column = at;
                at += 2;
                assignments.add(new Assignment(column, expression()));
            } else {
                isSetKnown = false;
                expression();
            }
        } while (skip(","));
    }

    private void assignSeveral() {
        List<Integer> names = names();
        skip("=");
        skip("row");
        boolean isList = is("(") && !isAt(at + 1, "select") && !isAt(at + 1, "with");
        List<Range> items = isList ? items() : List.of();
        isSetKnown &= names != null && names.size() == items.size();
        for (int i = 0; isSetKnown && names != null && i < names.size(); i++) {
            assignments.add(new Assignment(names.get(i), items.get(i)));
        }
        if (!isList) {
            expression();
        }
    }

    private void where() {
        while (at < tokens.size() && !is("where") && !is("returning")) {
            next();
        }
        if (skip("where")) {
            int from = at;
            seek(List.of("returning"));
            where = at > from ? new Range(from, at) : null;
        }
    }

    /** The names in brackets, or null if there are not only names; goes behind them. */
    private List<Integer> names() {
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

    private List<Range> items() {
        at++;
        List<Range> items = list();
        skip(")");
        return items;
    }

    private List<Range> list() {
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
    private Range expression() {
        int from = at;
        while (at < tokens.size() && !is(",") && !is(")") && !endsExpression()) {
            next();
        }
        return new Range(from, at);
    }

    private boolean endsExpression() {
        boolean isFrom = is("from") && at > 0 && !tokens.get(at - 1).is("distinct");
        return isFrom || is("where") || is("returning") || (is("on") && isAt(at + 1, "conflict"));
    }

    /** Goes behind this token, or the brackets that it opens. */
    private void next() {
        int depth = 0;
        do {
            depth += is("(") || is("[") ? 1 : is(")") || is("]") ? -1 : 0;
            at++;
        } while (depth > 0 && at < tokens.size());
    }

    private void seek(List<String> keywords) {
        while (at < tokens.size() && !isAny(keywords)) {
            next();
        }
    }

    private boolean isAny(List<String> keywords) {
        return keywords.stream().anyMatch(this::is);
    }

    private boolean isName() {
        return at < tokens.size() && tokens.get(at).name() != null;
    }

    private boolean is(String keyword) {
        return isAt(at, keyword);
    }

    private boolean isAt(int token, String keyword) {
        return token < tokens.size() && tokens.get(token).is(keyword);
    }

    private boolean skip(String keyword) {
        boolean here = is(keyword);
        at += here ? 1 : 0;
        return here;
    }
}
