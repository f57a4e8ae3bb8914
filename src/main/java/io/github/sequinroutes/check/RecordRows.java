package io.github.sequinroutes.check;

import io.github.sequinroutes.check.Scope.Relation;
import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;
import net.sf.jsqlparser.statement.select.PlainSelect;
import net.sf.jsqlparser.statement.select.Select;

/** The rows that a delete or an update means, as far as its condition and what it joins tell. */
final class RecordRows {
    private static final long TIMEOUT_MILLIS = 2_000;

    private final SqlStatement statement;
    private final Paths paths;
    private final ParsedExpression condition;
    /** The paths by the names of their parameters. */
    private final Map<String, List<String>> parameters = new HashMap<>();

    private final Bindings bindings;
    private final Scope scope;
    private final Relation target;
    private final List<Column> keys = new ArrayList<>();
    private final Map<String, Expression> values = new TreeMap<>();
    private boolean isUnknown;
    private SQLException failure;

    /** Those of a statement; {@code parts} are the rows of the {@code with} before it, by name. */
    RecordRows(SqlStatement statement, TargetTable table, Paths paths, TableReader tables, Map<String, Boolean> parts)
            throws SQLException {
        this.statement = statement;
        this.paths = paths;
        condition = ParsedExpression.of(statement, statement.where());
        bindings = new Bindings(
                parameter -> {
                    List<String> path = parameters.get(parameter.getName());
                    path = (path == null && condition != null) ? condition.path(parameter) : path;
                    return path != null && paths.isKey(path);
                },
                name -> columns(tables, name));
        scope = new Scope(null);
        parts.forEach(scope::addPart);
        target = new Relation(
                statement.target().to() > statement.target().from() ? statement.qualifier() : "",
                table == null ? List.of() : table.columnNames(),
                () -> false);
        scope.add(target);
        join();
        if (condition != null) {
            scope.add(condition.root());
            bindings.solve(scope);
            bindings.onCompared(this::note);
            target.unbind();
            bindings.solve(scope);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private List<String> columns(TableReader tables, List<String> name) {
        try {
            TargetTable table = tables.table(name);
            return table == null ? null : table.columnNames();
        } catch (SQLException e) {
            failure = failure == null ? e : failure;
            return null;
        }
    }

    /** Gets the parts of a {@code with} that write. */
    interface Visitor {
        void visit(SqlStatement part, TargetTable table, RecordRows rows);
    }

    /** The rows of the parts of a {@code with}, by name: whether the message tells them. */
    static Map<String, Boolean> ofParts(SqlStatement statement, Paths paths, TableReader tables, Visitor visitor)
            throws SQLException {
        Map<String, Boolean> known = new LinkedHashMap<>();
        for (WithPart part : WithPart.of(statement)) {
            SqlStatement inner = part.statement();
            TargetTable table = tables.read(inner);
            boolean isOfRows = table != null && (inner.verb() == Verb.DELETE || inner.verb() == Verb.UPDATE);
            if (statement.is(1, "recursive")) {
                known.put(part.name(), true); // what it begins with tells whether it is
            }
            RecordRows rows = new RecordRows(inner, table, paths, tables, known);
            if (table != null) {
                visitor.visit(inner, table, rows);
            }
            known.put(part.name(), isOfRows ? rows.areThoseOfRecord() : rows.isBound(part.range()));
        }
        return known;
    }

    /** Adds what stands behind {@code using} or {@code from}. */
    private void join() {
        Range source = statement.source();
        if (source.to() <= source.from() + 1) {
            return;
        }
        Select select = select("select 1 from ", new Range(source.from() + 1, source.to()));
        if (select instanceof PlainSelect plain) {
            bindings.selects().add(plain.getFromItem(), plain.getJoins(), scope);
        } else {
            isUnknown = true;
        }
    }

    /** Whether the message tells what a select, or an insert, of a {@code with} returns. */
    private boolean isBound(Range range) {
        Select select = statement.verb() == Verb.SELECT || statement.verb() == Verb.OTHER ? select("", range) : null;
        return select == null
                ? statement.paths(range).stream().anyMatch(paths::isKey)
                : bindings.selects().isBound(select, scope);
    }

    private Select select(String begin, Range range) {
        ParserSql sql = new ParserSql(statement, range);
        parameters.putAll(sql.paths());
        try {
            return CCJSqlParserUtil.parse(begin + sql.text(), parser -> parser.withTimeOut(TIMEOUT_MILLIS))
                            instanceof Select select
                    ? select
                    : null;
        } catch (JSQLParserException | RuntimeException e) {
            return null; // as with conditions, PostgreSQL judges what the parser does not know
        }
    }

    private void note(Relation relation, Column column, Expression value) {
        if (relation == target) {
            if (!keys.contains(column)) {
                keys.add(column);
            }
            values.putIfAbsent(ParsedExpression.name(column), value);
        }
    }

    /** Its condition, or null if there is none that the parser knows. */
    ParsedExpression condition() {
        return condition;
    }

    /** Whether they are those of the record, and no others. */
    boolean areThoseOfRecord() {
        return target.isBound() || (isUnknown && namesKeyElsewhere());
    }

    /** Whether an insert takes rows from a select that says nothing of the record. */
    boolean areAnyInserted() {
        TokenCursor cursor = new TokenCursor(statement.tokens(), statement.at());
        cursor.seek(List.of("select", "values", "on", "returning"));
        if (statement.verb() != Verb.INSERT || !cursor.is("select")) {
            return false;
        }
        int from = cursor.at;
        while (cursor.at < cursor.tokens.size()
                && !cursor.is("returning")
                && !(cursor.is("on") && cursor.isAt(cursor.at + 1, "conflict"))) {
            cursor.next();
        }
        Select select = select("", new Range(from, cursor.at));
        return select != null && !bindings.selects().isBound(select, scope);
    }

    /** Whether another part of the statement says which record is meant, and the condition may refer to that. */
    boolean namesKeyElsewhere() {
        return Stream.of(new Range(0, statement.at()), statement.source())
                .flatMap(part -> statement.paths(part).stream())
                .anyMatch(paths::isKey);
    }

    /** Whether a column is compared with what the message tells. */
    boolean comparesKey() {
        return !keys.isEmpty();
    }

    /** The names of the columns that are compared with what the message tells. */
    Set<String> keys() {
        return new TreeSet<>(values.keySet());
    }

    /** The first of them. */
    Column firstKey() {
        return keys.get(0);
    }

    /** The paths in what a column is compared with. */
    Set<List<String>> paths(String column) {
        Set<List<String>> found = new HashSet<>();
        Mentions.of(values.get(column)).parameters().forEach(parameter -> found.add(condition.path(parameter)));
        return found;
    }

    /** The value of a part of the condition if the row is that of the record. */
    Object value(Expression part) {
        return bindings.value(scope, target, part, true);
    }
}
