package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Executes a {@link KeepingTemplate} for records that lack the values of the same columns. Thread-safe. */
final class KeepingStatement {
    /** So that no query has too many parameters. */
    private static final int MAX_QUESTIONS = 100;

    private final KeepingTemplate.Kept template;
    private final TemplateStatement statement;
    private final TemplateStatement regardless;

    KeepingStatement(KeepingTemplate.Kept template, int maxRecordSize) {
        this.template = template;
        statement = new TemplateStatement(template.statement(), maxRecordSize);
        regardless = template.regardless() == null ? null : new TemplateStatement(template.regardless(), maxRecordSize);
    }

    /** Has the server describe it. */
    DescribedTemplate describe(BatchExecution batch) throws SQLException {
        return statement.describe(batch.connection());
    }

    /**
     * What has become of records, by their places in a list.
     *
     * @param missing those whose row is not there
     * @param deleted those that are newer than the deletion of their row
     * @param written those that are written; the others a guard has kept out
     */
    record Done(List<Integer> missing, List<Integer> deleted, List<Integer> written) {}

    /** Executes it. */
    Done execute(BatchExecution batch, DescribedTemplate now, List<Message> records) throws SQLException {
        List<String[]> values = values(records, now);
        List<Integer> written = new ArrayList<>();
        List<Integer> all = IntStream.range(0, records.size()).boxed().toList();
        List<Integer> left = run(batch, now, values, all, written);
        List<Integer> missing = new ArrayList<>();
        List<Integer> deleted = new ArrayList<>();
        Object[] states = ask(batch, template.state(), values, left);
        for (int i = 0; i < states.length; i++) {
            if (states[i] == null) {
                missing.add(left.get(i));
            } else if (states[i].equals(KeepingTemplate.DELETED)) {
                deleted.add(left.get(i));
            }
        }
        left.removeAll(missing);
        left.removeAll(deleted);
        if (!left.isEmpty()) {
            // the guard has kept them out, or a row came in between: now it is there for certain
            run(batch, now, values, left, written);
        }
        return new Done(missing, deleted.isEmpty() ? deleted : newerThanRows(batch, values, deleted), written);
    }

    /** Those that the guard would let in: tried, and taken back. */
    private List<Integer> newerThanRows(BatchExecution batch, List<String[]> values, List<Integer> places)
            throws SQLException {
        List<Integer> newer = new ArrayList<>();
        DescribedTemplate now = regardless.describe(batch.connection());
        Savepoint before = batch.connection().setSavepoint();
        run(batch, now, values, places, newer);
        batch.connection().rollback(before);
        return newer;
    }

    private List<String[]> values(List<Message> records, DescribedTemplate now) throws SQLException {
        List<String[]> values = new ArrayList<>();
        for (Message message : records) {
            values.add(statement.extractTexts(message, now));
        }
        return values;
    }

    /** Notes what is written, and returns the others. */
    private static List<Integer> run(
            BatchExecution batch,
            DescribedTemplate now,
            List<String[]> values,
            List<Integer> places,
            List<Integer> written)
            throws SQLException {
        int[] counts = batch.run(now.sql(), places.stream().map(values::get).toList());
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            (counts[i] > 0 ? written : left).add(places.get(i));
        }
        return left;
    }

    /**
     * Checks that rows hold what a message leaves out: a value that is stored apart is not NULL, but a backfill that could
     * not read it has written that.
     *
     * @param written    records that have been written
     * @param unreadable columns that a backfill cannot read
     * @throws RecordFaultException if some are NULL
     */
    void requireKnown(BatchExecution batch, DescribedTemplate now, List<Message> written, Set<String> unreadable)
            throws SQLException {
        if (written.isEmpty() || template.copied().stream().noneMatch(unreadable::contains)) {
            return; // nearly always
        }
        List<Integer> all = IntStream.range(0, written.size()).boxed().toList();
        Object[] nulls = ask(batch, template.nulls(), values(written, now), all);
        List<RecordFaultException> faults = new ArrayList<>();
        for (int i = 0; i < nulls.length; i++) {
            List<String> unknown = Stream.of(String.valueOf(nulls[i]).split(","))
                    .filter(number -> number.matches("\\d+"))
                    .map(number -> template.copied().get(Integer.parseInt(number)))
                    .filter(unreadable::contains)
                    .toList();
            if (!unknown.isEmpty()) {
                faults.add(new RecordFaultException(written.get(i), UnknownValues.unreadable(unknown)));
            }
        }
        if (!faults.isEmpty()) {
            throw RecordFaultException.of(faults);
        }
    }

    /** Asks a question about the row of each of these records. */
    private Object[] ask(BatchExecution batch, Template about, List<String[]> values, List<Integer> places)
            throws SQLException {
        List<Object> answers = new ArrayList<>();
        String question = "(" + about.sql() + ")";
        for (int from = 0; from < places.size(); from += MAX_QUESTIONS) {
            List<Integer> some = places.subList(from, Math.min(places.size(), from + MAX_QUESTIONS));
            String query = some.stream().map(any -> question).collect(Collectors.joining(", ", "select array[", "]"));
            try (PreparedStatement statementOfAll = batch.prepare(query)) {
                int parameter = 1;
                for (int place : some) {
                    String[] keys = Arrays.copyOfRange(values.get(place), template.keysFrom(), template.keysTo());
                    parameter = BatchExecution.bind(statementOfAll, keys, parameter);
                }
                try (ResultSet row = statementOfAll.executeQuery()) {
                    row.next();
                    answers.addAll(Arrays.asList((Object[]) row.getArray(1).getArray()));
                }
            }
        }
        return answers.toArray();
    }

    /** The columns whose values its records leave out. */
    List<String> columns() {
        return template.columns();
    }
}
