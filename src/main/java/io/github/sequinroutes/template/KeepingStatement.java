package io.github.sequinroutes.template;

import io.github.sequinroutes.message.Message;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Executes a {@link KeepingTemplate} for records that lack the values of the same columns. Thread-safe. */
final class KeepingStatement {
    /** So that no query has too many parameters. */
    private static final int MAX_QUESTIONS = 100;

    private static final String NO_DATA = "02000";

    private final KeepingTemplate.Kept template;
    private final TemplateStatement statement;

    KeepingStatement(KeepingTemplate.Kept template, int maxRecordSize) {
        this.template = template;
        statement = new TemplateStatement(template.statement(), maxRecordSize);
    }

    /** Has the server describe it. */
    TemplateStatement.Described describe(BatchExecution batch) throws SQLException {
        return statement.describe(batch.connection());
    }

    /** Executes it, and returns the places of those records in the list whose row is not there. */
    List<Integer> execute(BatchExecution batch, TemplateStatement.Described now, List<Message> records)
            throws SQLException {
        List<String[]> values = new ArrayList<>();
        for (Message message : records) {
            values.add(statement.extractTexts(message, now));
        }
        int[] counts = batch.run(now.sql(), values);
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] <= 0) {
                left.add(i);
            }
        }
        List<Integer> missing = missing(batch, values, left);
        left.removeAll(missing);
        if (!left.isEmpty()) {
            // the guard has kept them out, or a row came in between: now it is there for certain
            batch.run(now.sql(), left.stream().map(values::get).toList());
        }
        return missing;
    }

    private List<Integer> missing(BatchExecution batch, List<String[]> values, List<Integer> places)
            throws SQLException {
        List<Integer> missing = new ArrayList<>();
        for (int from = 0; from < places.size(); from += MAX_QUESTIONS) {
            List<Integer> some = places.subList(from, Math.min(places.size(), from + MAX_QUESTIONS));
            Object[] exists = rowsExist(batch, some.stream().map(values::get).toList());
            for (int i = 0; i < exists.length; i++) {
                if (!Boolean.TRUE.equals(exists[i])) {
                    missing.add(some.get(i));
                }
            }
        }
        return missing;
    }

    private Object[] rowsExist(BatchExecution batch, List<String[]> values) throws SQLException {
        String exists = "exists (" + template.rowExists().sql() + ")";
        String query = values.stream().map(any -> exists).collect(Collectors.joining(", ", "select array[", "]"));
        try (PreparedStatement question = batch.prepare(query)) {
            int parameter = 1;
            for (String[] texts : values) {
                String[] keys = Arrays.copyOfRange(texts, template.keysFrom(), template.keysTo());
                parameter = BatchExecution.bind(question, keys, parameter);
            }
            try (ResultSet row = question.executeQuery()) {
                row.next();
                return (Object[]) row.getArray(1).getArray();
            }
        }
    }

    /** Why a record cannot be written whose row is not there. */
    SQLException rowIsMissing() {
        boolean isOne = template.columns().size() == 1;
        return new SQLException(
                ("the row is not there, and the message lacks the value%s of %s, which %s not changed: backfill the table,"
                                + " or set the replica identity of the source's table to full; then replay this message")
                        .formatted(isOne ? "" : "s", String.join(", ", template.columns()), isOne ? "has" : "have"),
                NO_DATA);
    }
}
