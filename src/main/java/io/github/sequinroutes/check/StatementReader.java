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
final class StatementReader extends TokenCursor {
    private static final List<String> VERBS = List.of("insert", "update", "delete", "select", "merge", "values");

    /** What begins behind a table that has no alias. */
    private static final List<String> BEHIND_TABLES =
            List.of("set where using returning values select default overriding on with table".split(" ", -1));

    private final Template template;

    private Range source = new Range(0, 0);
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

    private StatementReader(Template template, List<TemplateToken> tokens) {
        super(tokens, 0);
        this.template = template;
    }

    /** The parts of a template's statement. */
    static SqlStatement read(Template template) {
        return read(template, template.tokens());
    }

    /** The parts of a statement that is a part of a template's. */
    static SqlStatement read(Template template, List<TemplateToken> tokens) {
        return new StatementReader(template, tokens).read();
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
        } else if (skip("merge")) {
            verb = Verb.MERGE;
            merge();
        } else if (is("select")) {
            verb = Verb.SELECT;
        }
        seek(List.of("returning"));
        return new SqlStatement(
                template,
                tokens,
                verb,
                verbAt,
                source,
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
        if (skip("as") || (isName() && !isAny(BEHIND_TABLES))) {
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

    /** What it updates is not read: that ends where another case begins, as the cases of an expression do. */
    private void merge() {
        isSetKnown = false;
        skip("into");
        skip("only");
        table();
        int from = at;
        seek(List.of("when"));
        source = new Range(from, at);
        seek(List.of("insert"));
        if (skip("insert") && is("(")) {
            columnList = at;
            columns = names();
            seek(List.of("values"));
            values = skip("values") && is("(") ? items() : null;
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
        int begin = at;
        while (at < tokens.size() && !is("where") && !is("returning")) {
            next();
        }
        source = new Range(begin, at);
        if (skip("where")) {
            int from = at;
            seek(List.of("returning"));
            where = at > from ? new Range(from, at) : null;
        }
    }
}
