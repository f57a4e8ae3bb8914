package io.github.sequinroutes.template;

import io.github.sequinroutes.template.TemplateShape.Assignment;
import io.github.sequinroutes.template.TemplateShape.Range;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the shape of a template. */
final class ShapeReader {
    /** How many tokens {@code excluded.column} has. */
    private static final int COLUMN_OF_A_ROW = 3;

    private final Template template;
    private final List<TemplateToken> tokens;
    private int at;

    private ShapeReader(Template template) {
        this.template = template;
        tokens = TemplateToken.of(template.file(), template.text());
    }

    /**
     * The shape of a template.
     *
     * @throws TemplateException if it has another: where it differs
     */
    static TemplateShape read(Template template) {
        return new ShapeReader(template).read();
    }

    /** The same, or null if it has another: that is an error only once a record needs it. */
    static TemplateShape readIfKnown(Template template) {
        try {
            return read(template);
        } catch (TemplateException otherShape) {
            return null;
        }
    }

    private TemplateShape read() {
        expect("insert");
        expect("into");
        List<String> target = new ArrayList<>(List.of(name()));
        while (skip(".")) {
            target.add(name());
        }
        String alias = skip("as") ? name() : null;
        List<String> columns = is("(") ? names() : null;
        int overriding = at;
        if (skip("overriding")) {
            at++;
            expect("value");
        }
        Range overridden = new Range(overriding, at);
        expect("values");
        List<Range> values = values();
        if (columns != null && columns.size() != values.size()) {
            throw unknown();
        }
        int tail = at;
        List<String> conflictColumns = null;
        String constraint = null;
        if (at < tokens.size()) {
            expect("on");
            expect("conflict");
            if (skip("on")) {
                expect("constraint");
                constraint = name();
            } else if (is("(")) {
                conflictColumns = names();
            }
            expect("do");
        }
        Map<Integer, Assignment> assignments = assignments();
        return new TemplateShape(
                tokens,
                target,
                alias,
                columns,
                overridden,
                values,
                conflictColumns,
                constraint,
                assignments,
                new Range(tail, tokens.size()));
    }

    private List<Range> values() {
        List<Range> values = new ArrayList<>();
        expect("(");
        do {
            values.add(expression());
        } while (skip(","));
        expect(")");
        return values;
    }

    /** What is assigned to each column; other forms are left to be read as they stand. */
    private Map<Integer, Assignment> assignments() {
        Map<Integer, Assignment> assignments = new HashMap<>();
        if (!skip("update")) {
            return assignments;
        }
        expect("set");
        do {
            String column = at < tokens.size() ? tokens.get(at).name() : null;
            if (column != null && at + 1 < tokens.size() && tokens.get(at + 1).is("=")) {
                at += 2;
                int from = at;
                assignments.put(from, new Assignment(column, expression()));
            } else if (!readRow(assignments)) {
                expression();
            }
        } while (skip(","));
        return assignments;
    }

    /** {@code (a, b) = (…, …)}, also with {@code row} or a {@code select} of nothing but values; what else is not read. */
    private boolean readRow(Map<Integer, Assignment> assignments) {
        int from = at;
        try {
            List<String> columns = names();
            expect("=");
            skip("row");
            expect("(");
            boolean isSelect = skip("select");
            List<Range> given = new ArrayList<>();
            do {
                given.add(expression());
            } while (skip(","));
            expect(")");
            boolean isEnd = at == tokens.size() || is(",") || is("where") || is("returning");
            if (isEnd
                    && given.size() == columns.size()
                    && !(isSelect && given.stream().anyMatch(each -> each.to() - each.from() != COLUMN_OF_A_ROW))) {
                for (int i = 0; i < given.size(); i++) {
                    assignments.put(given.get(i).from(), new Assignment(columns.get(i), given.get(i)));
                }
                return true;
            }
        } catch (TemplateException otherForm) {
            // such as that of an element, or a select from a table
        }
        at = from;
        return false;
    }

    /** An expression: up to a comma, a bracket that was not opened in it, or the next clause. */
    private Range expression() {
        int from = at;
        int depth = 0;
        while (at < tokens.size()) {
            boolean ends = is(",") || is(")") || is("where") || is("returning");
            if (depth == 0 && ends) {
                break;
            }
            depth += is("(") || is("[") ? 1 : is(")") || is("]") ? -1 : 0;
            at++;
        }
        if (at == from) {
            throw unknown();
        }
        return new Range(from, at);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        expect("(");
        do {
            names.add(name());
        } while (skip(","));
        expect(")");
        return names;
    }

    private String name() {
        String name = at < tokens.size() ? tokens.get(at).name() : null;
        if (name == null) {
            throw unknown();
        }
        at++;
        return name;
    }

    private boolean is(String keyword) {
        return at < tokens.size() && tokens.get(at).is(keyword);
    }

    private boolean skip(String keyword) {
        boolean here = is(keyword);
        at += here ? 1 : 0;
        return here;
    }

    private void expect(String keyword) {
        if (!skip(keyword)) {
            throw unknown();
        }
    }

    private TemplateException unknown() {
        int position =
                at < tokens.size() ? tokens.get(at).start() : template.text().length();
        return template.errorAt(
                position,
                "a value that Sequin leaves out because it has not changed can be kept only by a template of the form"
                        + " insert into … (columns) values (…) on conflict (columns) do update set …, and here it has"
                        + " another; write it so, or set the replica identity of the source's table to full");
    }
}
