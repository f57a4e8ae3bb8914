package io.github.sequinroutes.check;

import io.github.sequinroutes.check.Scope.Relation;
import java.util.ArrayList;
import java.util.List;
import net.sf.jsqlparser.expression.Alias;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.AllColumns;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.Join;
import net.sf.jsqlparser.statement.select.ParenthesedFromItem;
import net.sf.jsqlparser.statement.select.ParenthesedSelect;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;
import net.sf.jsqlparser.statement.select.SelectItem;
import net.sf.jsqlparser.statement.select.SetOperationList;
import net.sf.jsqlparser.statement.select.TableFunction;
import net.sf.jsqlparser.statement.select.Values;
import net.sf.jsqlparser.statement.select.WithItem;

/** Tells whether a message says which rows a select means. */
record Selects(Bindings bindings, Tables tables) {
    /** Tells what columns tables have. */
    interface Tables {
        /** The names of a table's columns; null if there is no such table. */
        List<String> columns(List<String> name);
    }

    /** Whether the message tells what a select returns. */
    boolean isBound(Select select, Scope outer) {
        if (select instanceof ParenthesedSelect inner) {
            return isBound(inner.getSelect(), with(inner, outer));
        } else if (select instanceof SetOperationList list) {
            Scope scope = with(list, outer);
            return list.getOperations().stream()
                            .allMatch(operation -> operation.toString().startsWith("EXCEPT"))
                    ? isBound(list.getSelect(0), scope)
                    : list.getSelects().stream().allMatch(part -> isBound(part, scope));
        } else if (select instanceof Values values) {
            return bindings.isBound(values.getExpressions(), outer);
        } else if (select instanceof PlainSelect plain) {
            Scope scope = scope(plain, outer);
            bindings.solve(scope);
            return plain.getSelectItems().stream().anyMatch(item -> isBound(item, scope));
        }
        return true; // what the parser does not know is left alone
    }

    private boolean isBound(SelectItem<?> item, Scope scope) {
        return item.getExpression() instanceof AllColumns
                ? scope.relations().stream().allMatch(Relation::isBound)
                : bindings.isBound(item.getExpression(), scope);
    }

    /** Whether a select of an outer scope's row returns something only for rows of a relation that the message tells. */
    boolean binds(Expression expression, Scope outer, Relation relation) {
        if (expression instanceof ParenthesedSelect inner) {
            return binds(inner.getSelect(), with(inner, outer), relation);
        } else if (expression instanceof SetOperationList list) {
            return list.getSelects().stream().allMatch(part -> binds(part, with(list, outer), relation));
        } else if (expression instanceof PlainSelect plain) {
            Scope scope = scope(plain, outer);
            bindings.solve(scope);
            return bindings.binds(scope, relation);
        }
        return false;
    }

    /** The relations of a select, and what it says of them. */
    Scope scope(PlainSelect select, Scope outer) {
        Scope scope = new Scope(with(select, outer));
        add(select.getFromItem(), select.getJoins(), scope);
        if (select.getWhere() != null) {
            scope.add(select.getWhere());
        }
        return scope;
    }

    /** Adds relations that are joined to a scope. */
    void add(FromItem first, List<Join> joins, Scope scope) {
        if (first != null) {
            add(first, scope);
        }
        for (Join join : joins == null ? List.<Join>of() : joins) {
            List<Relation> before = List.copyOf(scope.relations());
            add(join.getFromItem(), scope);
            join.getOnExpressions().forEach(scope::add);
            Relation last = scope.relations().get(scope.relations().size() - 1);
            if (join.isNatural() && !before.isEmpty()) {
                before.get(0).common(last).forEach(name -> scope.add(same(first, join.getFromItem(), name)));
            }
            join.getUsingColumns()
                    .forEach(column -> scope.add(same(first, join.getFromItem(), column.getColumnName())));
        }
    }

    private static Expression same(FromItem left, FromItem right, String column) {
        return new EqualsTo(new Column(new Table(name(left)), column), new Column(new Table(name(right)), column));
    }

    private static String name(FromItem item) {
        if (item.getAlias() != null) {
            return item.getAlias().getName();
        }
        return item instanceof Table table ? table.getName() : "";
    }

    private void add(FromItem item, Scope scope) {
        Alias alias = item.getAlias();
        String name = name(item).isEmpty() ? "" : ParsedExpression.unquoted(name(item));
        List<String> columns = null;
        if (alias != null && alias.getAliasColumns() != null) {
            columns = alias.getAliasColumns().stream()
                    .map(column -> ParsedExpression.unquoted(column.name))
                    .toList();
        }
        if (item instanceof ParenthesedFromItem brackets) {
            if (alias == null || !(brackets.getFromItem() instanceof Values values)) {
                add(brackets.getFromItem(), brackets.getJoins(), scope);
            } else {
                scope.add(new Relation(name, columns, () -> bindings.isBound(values.getExpressions(), scope)));
            }
        } else if (item instanceof Table table) {
            Boolean part =
                    table.getSchemaName() == null ? scope.part(ParsedExpression.unquoted(table.getName())) : null;
            List<String> known = part == null ? tables.columns(parts(table)) : null;
            scope.add(new Relation(name, columns == null ? known : columns, () -> Boolean.TRUE.equals(part)));
        } else if (item instanceof Select select) {
            List<String> known = columns == null ? columns(select) : columns;
            scope.add(new Relation(name, known, () -> isBound(select, scope)));
        } else if (item instanceof TableFunction function) {
            scope.add(new Relation(name, columns, () -> bindings.isBound(function.getFunction(), scope)));
        } else {
            scope.add(new Relation(name, null, () -> true));
        }
    }

    private static List<String> parts(Table table) {
        List<String> parts = new ArrayList<>();
        if (table.getSchemaName() != null) {
            parts.add(ParsedExpression.unquoted(table.getSchemaName()));
        }
        parts.add(ParsedExpression.unquoted(table.getName()));
        return parts;
    }

    /** The names of what a select returns, or null if they are not plain. */
    private static List<String> columns(Select select) {
        Select inner = select;
        while (inner instanceof ParenthesedSelect brackets) {
            inner = brackets.getSelect();
        }
        List<String> names = new ArrayList<>();
        if (!(inner instanceof PlainSelect plain)) {
            return null;
        }
        for (SelectItem<?> item : plain.getSelectItems()) {
            if (item.getAlias() != null) {
                names.add(ParsedExpression.unquoted(item.getAlias().getName()));
            } else if (item.getExpression() instanceof Column column) {
                names.add(ParsedExpression.name(column));
            } else {
                return null;
            }
        }
        return names;
    }

    /** A scope that has the names of a select's own {@code with} as well. */
    private Scope with(Select select, Scope outer) {
        if (select.getWithItemsList() == null || select.getWithItemsList().isEmpty()) {
            return outer;
        }
        Scope scope = new Scope(outer);
        for (WithItem<?> item : select.getWithItemsList()) {
            Select inner = item.getSelect();
            scope.addPart(ParsedExpression.unquoted(item.getAlias().getName()), inner == null || isBound(inner, scope));
        }
        return scope;
    }
}
