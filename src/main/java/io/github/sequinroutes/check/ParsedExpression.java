package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import java.util.List;
import java.util.Locale;
import net.sf.jsqlparser.JSQLParserException;
import net.sf.jsqlparser.expression.BinaryExpression;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.relational.InExpression;
import net.sf.jsqlparser.expression.operators.relational.IsBooleanExpression;
import net.sf.jsqlparser.expression.operators.relational.IsNullExpression;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.schema.Column;

/**
 * An expression of a template, as JSqlParser reads it. That gets a text in which each path is a named parameter of the same
 * length, so that places can be told as those of the file.
 */
final class ParsedExpression {
    private static final long TIMEOUT_MILLIS = 2_000;

    private final int start;
    private final SqlStatement statement;
    private final ParserSql text;
    private final Expression root;

    private ParsedExpression(SqlStatement statement, Range range) throws JSQLParserException {
        this.statement = statement;
        start = statement.position(range.from());
        text = new ParserSql(statement, range);
        root = CCJSqlParserUtil.parseCondExpression(text.text(), false, parser -> parser.withTimeOut(TIMEOUT_MILLIS));
    }

    /** The expression in this part of a statement, or null if the parser does not know it. */
    static ParsedExpression of(SqlStatement statement, Range range) {
        if (range == null || range.to() <= range.from()) {
            return null;
        }
        try {
            ParsedExpression parsed = new ParsedExpression(statement, range);
            return parsed.root == null ? null : parsed;
        } catch (JSQLParserException | RuntimeException e) {
            return null; // a grammar of all dialects has its gaps: PostgreSQL judges what it does not know
        }
    }

    /** The whole of it. */
    Expression root() {
        return root;
    }

    /** The path that a parameter stands for. */
    List<String> path(JdbcNamedParameter parameter) {
        return text.path(parameter);
    }

    /** The paths whose parameters are in a text of the parser's. */
    boolean mentions(Expression part, List<String> path) {
        String text = part + " ";
        return this.text.paths().entrySet().stream()
                .anyMatch(known -> known.getValue().equals(path) && text.matches("(?s).*:" + known.getKey() + "\\W.*"));
    }

    /** Where a part begins in the file; where all begins, if the parser does not say. */
    int position(Expression part) {
        return Math.max(start, begin(part));
    }

    /** The same, or -1: the parser has some begin at their operator, and others nowhere. */
    private int begin(Expression part) {
        Expression left = part instanceof BinaryExpression binary
                ? binary.getLeftExpression()
                : part instanceof InExpression in
                        ? in.getLeftExpression()
                        : part instanceof IsNullExpression isNull
                                ? isNull.getLeftExpression()
                                : part instanceof IsBooleanExpression is ? is.getLeftExpression() : null;
        int ofLeft = left == null ? -1 : begin(left);
        int own =
                part.getASTNode() == null ? -1 : text.position(part.getASTNode().jjtGetFirstToken().absoluteBegin - 1);
        return own < 0 ? ofLeft : ofLeft < 0 ? own : Math.min(own, ofLeft);
    }

    /** The tokens of a part, or null if the parser does not say where it ends. */
    Range range(Expression part) {
        Expression last = part instanceof BinaryExpression binary ? binary.getRightExpression() : part;
        return last.getASTNode() == null
                ? null
                : new Range(statement.tokenAt(position(part)), statement.tokenAt(end(last)));
    }

    private int end(Expression part) {
        return text.position(part.getASTNode().jjtGetLastToken().absoluteEnd - 1);
    }

    /** A part as it stands in the file. */
    String text(Expression part) {
        if (part.getASTNode() == null) {
            String text = part.toString();
            int is = Math.max(0, text.lastIndexOf(" IS "));
            return text.substring(0, is) + text.substring(is).toLowerCase(Locale.ROOT);
        }
        return statement.template().text().substring(position(part), end(part)).replaceAll("\\s+", " ");
    }

    /** The name of a column, as PostgreSQL knows it. */
    static String name(Column column) {
        return unquoted(column.getColumnName());
    }

    /** The last name of what qualifies a column, or null. */
    static String qualifier(Column column) {
        return column.getTable() == null || column.getTable().getName() == null
                ? null
                : unquoted(column.getTable().getName());
    }

    /** A name as the parser has it, as PostgreSQL knows it. */
    static String unquoted(String name) {
        return name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name.toLowerCase(Locale.ROOT);
    }
}
