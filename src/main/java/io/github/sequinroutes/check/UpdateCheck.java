package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import java.util.List;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.JdbcNamedParameter;
import net.sf.jsqlparser.expression.operators.relational.EqualsTo;
import net.sf.jsqlparser.schema.Column;

/** Checks that an update by rows that it makes of a message, {@code update … from (select :#id as id) v}, means the row of the record. */
final class UpdateCheck {
    private final SqlStatement statement;
    private final TargetTable table;
    private final Paths paths;
    private final Findings findings;
    private final SourceColumns source;
    private final ParsedExpression condition;

    UpdateCheck(SqlStatement statement, TargetTable table, Paths paths, Findings findings) {
        this.statement = statement;
        this.table = table;
        this.paths = paths;
        this.findings = findings;
        source = new SourceColumns(statement);
        condition = ParsedExpression.of(statement, statement.where());
    }

    /** Reports a condition that may hold for other rows; returns whether it means only that of the record. */
    boolean isTied() {
        boolean hasSource = statement.source().to() > statement.source().from();
        if (statement.verb() != Verb.UPDATE || !hasSource || condition == null) {
            return true;
        }
        boolean meansOthers = new Evaluator(this::value).truth(condition.root()).mayBeTrue();
        if (meansOthers) {
            findings.error(
                    Finding.EVERY_ROW,
                    statement.position(statement.where().from()),
                    ("the condition does not tie the row to that of the message, so each message updates rows of others;"
                                    + " compare the key, as in where %s.id = v.id")
                            .formatted(SqlNames.quoted(statement.qualifier())));
        }
        return !meansOthers;
    }

    /** The value of a part if the row is not that of the record. */
    private Object value(Expression part) {
        if (part.toString().contains("SELECT")) {
            return Truth.FALSE;
        } else if (part instanceof EqualsTo equal) {
            boolean ties = ties(equal.getLeftExpression(), equal.getRightExpression())
                    || ties(equal.getRightExpression(), equal.getLeftExpression());
            return ties ? Truth.FALSE : null;
        }
        return part instanceof Column || part instanceof JdbcNamedParameter ? Evaluator.OPAQUE : null;
    }

    /** Whether one side is of the row, and the other of the message. */
    private boolean ties(Expression one, Expression other) {
        boolean isOfRow = Mentions.of(one).columns().stream().anyMatch(this::isOfRow);
        Mentions mentions = Mentions.of(other);
        boolean isOfRecord = mentions.columns().stream().anyMatch(this::isOfRecord)
                || mentions.parameters().stream()
                        .map(condition::path)
                        .anyMatch(path -> path != null && paths.isKey(path));
        return isOfRow && isOfRecord;
    }

    private boolean isOfRow(Column column) {
        String qualifier = ParsedExpression.qualifier(column);
        String name = ParsedExpression.name(column);
        return qualifier == null
                ? table.column(name) != null && source.valueOf(null, name) == null
                : qualifier.equals(statement.qualifier());
    }

    /** Whether it may tell records apart: of rows that are not known here it may. */
    private boolean isOfRecord(Column column) {
        if (isOfRow(column)) {
            return false;
        }
        SqlStatement.Range value = source.valueOf(ParsedExpression.qualifier(column), ParsedExpression.name(column));
        List<List<String>> named = value == null ? List.of() : statement.paths(value);
        return value == null || named.isEmpty() || named.stream().anyMatch(paths::isKey);
    }
}
