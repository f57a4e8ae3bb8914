package io.github.sequinroutes.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.schema.Column;

/** The relations whose columns a condition can name, and what is said of their rows. Inner ones hide those of outer scopes. */
final class Scope {
    /** What every table has besides its columns. */
    private static final Set<String> SYSTEM = Set.of("ctid", "tableoid", "xmin", "xmax", "cmin", "cmax");

    private final Scope outer;
    private final List<Relation> relations = new ArrayList<>();
    private final List<Expression> conditions = new ArrayList<>();
    /** Whether the rows of a {@code with} are bound, by its name. */
    private final Map<String, Boolean> parts = new HashMap<>();

    /** Where rows come from. */
    static final class Relation {
        private final String name;
        private final List<String> columns;
        private final BooleanSupplier source;
        private boolean isBound;

        /**
         * One that is not bound yet.
         *
         * @param name    by which its columns are known
         * @param columns the names of all, or null if they are not known
         * @param source  whether what it is made of binds it
         */
        Relation(String name, List<String> columns, BooleanSupplier source) {
            this.name = name;
            this.columns = columns;
            this.source = source;
        }

        private boolean has(String column) {
            return columns != null && (columns.contains(column) || SYSTEM.contains(column) || column.equals(name));
        }

        /** The names of columns that it shares with another. */
        List<String> common(Relation other) {
            return columns == null || other.columns == null
                    ? List.of()
                    : columns.stream().filter(other.columns::contains).toList();
        }

        /** Whether the message says which of its rows are meant. */
        boolean isBound() {
            return isBound;
        }

        /** Notes that its rows are bound if what it is made of says so; returns whether that is new. */
        boolean bindBySource() {
            return !isBound && source.getAsBoolean() && bind();
        }

        /** Forgets that its rows are bound. */
        void unbind() {
            isBound = false;
        }

        /** Notes that its rows are bound. */
        boolean bind() {
            isBound = true;
            return true;
        }
    }

    /** One within another, or null. */
    Scope(Scope outer) {
        this.outer = outer;
    }

    void add(Relation relation) {
        relations.add(relation);
    }

    void add(Expression condition) {
        conditions.add(condition);
    }

    /** Notes whether the rows of a {@code with} are bound. */
    void addPart(String name, boolean isBound) {
        parts.put(name, isBound);
    }

    /** Whether the rows of a {@code with} are bound; null if there is none of this name. */
    Boolean part(String name) {
        Boolean here = parts.get(name);
        return (here != null || outer == null) ? here : outer.part(name);
    }

    List<Relation> relations() {
        return relations;
    }

    List<Expression> conditions() {
        return conditions;
    }

    /** The relation that a column is of, or null. */
    Relation of(Column column) {
        String qualifier = ParsedExpression.qualifier(column);
        String name = ParsedExpression.name(column);
        for (Relation relation : relations) {
            if (qualifier == null ? relation.has(name) : relation.name.equals(qualifier)) {
                return relation;
            }
        }
        for (Relation relation : relations) {
            if (qualifier == null && relation.columns == null) {
                return relation;
            }
        }
        return outer == null ? null : outer.of(column);
    }
}
