package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Writes the records of a template that lack values: those that lack the same ones together. Thread-safe. */
final class UnchangedValues {
    /** Of a table of which ever other columns change; a statement that is forgotten is only made again. */
    private static final int MAX_STATEMENTS = 200;
    /** The statement is wrong, or not allowed. */
    private static final String OF_THE_STATEMENT = "42";

    private final Template template;
    private final int maxRecordSize;
    private final Map<Key, KeepingStatement> statements = new ConcurrentHashMap<>();
    private final Map<KeepingStatement, Known> described = new ConcurrentHashMap<>();

    private record Key(TemplateShape shape, KeepingExpressions.Lack lack) {}

    /** A statement's description, which holds for one of the template's. */
    private record Known(DescribedTemplate ofTemplate, DescribedTemplate own) {}

    UnchangedValues(Template template, int maxRecordSize) {
        this.template = template;
        this.maxRecordSize = maxRecordSize;
    }

    /** Records by what they lack, in an order that is the same for every worker. */
    static final class Groups {
        private final Map<String, Group> groups = new TreeMap<>();

        void add(Message message, PathValues values) {
            String name = String.join("\0", new TreeSet<>(values.unchanged())) + "\0" + values.needsRow();
            groups.computeIfAbsent(
                            name,
                            any -> new Group(
                                    values.unchanged(), !values.needsRow(), new ArrayList<>(), new ArrayList<>()))
                    .add(message, values);
        }
    }

    /** Those that lack the same; {@code isOptional} if what is lacking matters only to a row that is there. */
    private record Group(Set<String> unchanged, boolean isOptional, List<Message> records, List<String[]> texts) {
        void add(Message message, PathValues values) {
            records.add(message);
            texts.add(values.texts());
        }
    }

    /**
     * Executes what the template says for records that lack values.
     *
     * @throws RecordFaultException if that cannot be done, with others of the same kind as suppressed ones
     */
    void execute(BatchExecution batch, DescribedTemplate now, Groups groups) throws SQLException {
        for (Group group : groups.groups.values()) {
            try {
                execute(batch, now, group);
            } catch (TemplateException e) {
                if (!group.isOptional) {
                    throw RecordFaultException.of(group.records, new SQLException(e.getMessage(), e));
                }
                batch.run(now.sql(), group.texts);
            }
        }
    }

    private void execute(BatchExecution batch, DescribedTemplate now, Group group) throws SQLException {
        List<Message> records = group.records;
        String dataField = records.get(0).format().dataField();
        KeepingStatement statement =
                statement(now, new KeepingExpressions.Lack(dataField, group.unchanged, group.isOptional));
        DescribedTemplate own = described(statement, now, batch, records);
        KeepingStatement.Done done = statement.execute(batch, own, records);
        if (group.isOptional) {
            List<String[]> missing =
                    done.missing().stream().map(group.texts::get).toList();
            if (!missing.isEmpty()) {
                batch.run(now.sql(), missing);
            }
        } else if (!done.missing().isEmpty()) {
            throw RecordFaultException.of(
                    records(group, done.missing()), UnknownValues.missingRow(statement.columns()));
        } else if (!done.deleted().isEmpty()) {
            throw RecordFaultException.of(
                    records(group, done.deleted()), UnknownValues.deletedRow(statement.columns()));
        } else {
            Set<String> unreadable = now.paths().unreadable(dataField, group.unchanged);
            statement.requireKnown(batch, own, records(group, done.written()), unreadable);
        }
    }

    private static List<Message> records(Group group, List<Integer> places) {
        return places.stream().map(group.records::get).toList();
    }

    private KeepingStatement statement(DescribedTemplate now, KeepingExpressions.Lack lack) {
        if (statements.size() > MAX_STATEMENTS) {
            statements.clear();
            described.clear();
        }
        TemplateShape shape = now.shape() == null ? ShapeReader.read(template) : now.shape();
        return statements.computeIfAbsent(
                new Key(shape, lack),
                any -> new KeepingStatement(KeepingTemplate.write(template, shape, lack), maxRecordSize));
    }

    /** What describes the template's table as it is now holds for this statement as long as that does. */
    private DescribedTemplate described(
            KeepingStatement statement, DescribedTemplate now, BatchExecution batch, List<Message> records)
            throws SQLException {
        Known known = described.get(statement);
        if (known != null && known.ofTemplate == now) {
            return known.own;
        }
        try {
            DescribedTemplate own = statement.describe(batch);
            described.put(statement, new Known(now, own));
            return own;
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith(OF_THE_STATEMENT)) {
                throw e;
            }
            throw RecordFaultException.of(records, new SQLException(refusal(e), e.getSQLState(), e));
        }
    }

    private String refusal(SQLException refused) {
        return template.file() + ":1:1: the statement that keeps a value which has not changed is refused: "
                + Failures.headline(refused.getCause() == null ? refused : refused.getCause())
                + "; write the value into a column of its own as well, by nothing but its path, or set the replica"
                + " identity of the source's table to full";
    }
}
