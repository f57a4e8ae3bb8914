package io.github.sequinroutes.template;

import io.github.sequinroutes.database.RoundTrip;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.failure.RecordTooLargeException;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Executes a template for records: every value goes to the server as untyped text, and PostgreSQL gives it the type of
 * the column or expression it meets, so that users write no casts and no driver setting matters. Thread-safe.
 */
public final class TemplateStatement {
    private static final List<String> VERSION = List.of("updated_idx");

    private final Template template;
    private final int maxRecordSize;
    private final boolean needsVersion;
    private final boolean hasSelect;
    /** What a deletion must have; null if the template is not only for these. */
    private final DeletionKeys deletionKeys;

    private final UnchangedValues unchangedValues;
    /** As far as the template tells it; null if it is not that of an upsert. */
    private final TemplateShape shape;

    private volatile DescribedTemplate described;
    /** Whether its tables have changed since. */
    private volatile boolean outdated;

    /** The statement of a template; a record of more than {@code maxRecordSize} bytes is never sent to its table. */
    public TemplateStatement(Template template, int maxRecordSize) {
        this(template, maxRecordSize, null);
    }

    /** That of a delete template: a deletion that lacks what tells its row is malformed, lest the row stays unseen. */
    public static TemplateStatement ofDeletions(Template template, int maxRecordSize) {
        return new TemplateStatement(template, maxRecordSize, new DeletionKeys(template));
    }

    private TemplateStatement(Template template, int maxRecordSize, DeletionKeys deletionKeys) {
        this.deletionKeys = deletionKeys;
        this.template = template;
        this.maxRecordSize = maxRecordSize;
        needsVersion = template.paths().contains(VERSION);
        hasSelect = template.tokens().stream().anyMatch(token -> token.is("select"));
        unchangedValues = new UnchangedValues(template, maxRecordSize);
        shape = ShapeReader.readIfKnown(template);
    }

    /**
     * The paths that tell which row a record means: of an upsert those whose values go into the columns of its
     * {@code on conflict}, in that order; of a delete or an update those that lead into
     * {@code record}, each once. Empty if that is not known. Where the template names a constraint, or no columns of its
     * table, it is known once the server has described the template.
     */
    public List<List<String>> keyPaths() {
        DescribedTemplate known = described;
        TemplateShape now = known == null || known.shape() == null ? shape : known.shape();
        return KeyPaths.parametersOf(template, now).stream()
                .map(template.paths()::get)
                .toList();
    }

    /** The keys of its rows, or null until the server has described it. */
    public RowKeys keys() {
        DescribedTemplate known = described;
        return known == null ? null : known.keys();
    }

    /** The template. */
    public Template template() {
        return template;
    }

    int maxRecordSize() {
        return maxRecordSize;
    }

    /**
     * Extracts the values of a record, without a connection, so that PostgreSQL need not wait for it; null if the types of
     * the parameters are not known yet.
     *
     * @param way how the record will be sent, if it can be
     * @throws RecordFaultException if the record cannot be bound
     */
    public RecordValues extractValues(Message message, Way way) throws RecordFaultException {
        DescribedTemplate known = described;
        if (known == null) {
            return null;
        }
        RecordValues values = extractValues(message, known);
        if (way != Way.SET || !known.isSet()) {
            values.values().texts(); // a set does without
        }
        return values;
    }

    private RecordValues extractValues(Message message, DescribedTemplate known) throws RecordFaultException {
        int size = message.recordEnd() - message.recordStart();
        if (size > maxRecordSize) {
            throw new RecordFaultException(message, new RecordTooLargeException(size, maxRecordSize));
        }
        try {
            PathValues values = known.paths().valuesOf(message);
            if (deletionKeys != null) {
                deletionKeys.require(values.texts());
            }
            return new RecordValues(known, values);
        } catch (InvalidStringException | MalformedRecordException e) {
            throw new RecordFaultException(message, e);
        }
    }

    /**
     * Has the server describe the parameters, in the transaction that is to use their types: from here to its end the
     * table cannot change, because describing the statement locks it.
     *
     * @throws SQLException if the server does not say: with its SQLSTATE and, if it refuses the template, the place in
     *                      the file
     */
    public DescribedTemplate describe(Connection connection) throws SQLException {
        // this text is never executed, so the driver never keeps it prepared, with the types as they once were
        return new TemplateDescriber(template, connection).describe(types -> {
            DescribedTemplate known = described;
            if (known == null || outdated || !known.isOf(types)) {
                outdated = false;
                known = DescribedTemplate.of(connection, template, shape, types);
                described = known;
            }
            return known;
        });
    }

    /**
     * Whether it can be executed for these records without having been described anew, by one statement.
     *
     * @param values values extracted before
     */
    public boolean isKnown(List<Message> records, Map<Message, RecordValues> values) {
        DescribedTemplate known = described;
        return known != null
                && known.isSet()
                && records.stream()
                        .map(values::get)
                        .allMatch(found -> found != null
                                && found.described() == known
                                && found.values().unchanged().isEmpty());
    }

    /**
     * Whether it can be executed in one transaction with others, in any order: not if what it does may depend on what is
     * done before. A sub-select reads their tables, and a trigger or function may, or find a setting or temporary table that
     * another one has left. Nor if there is no statement for many records: its values would be extracted in vain.
     */
    public boolean canShare() {
        DescribedTemplate known = described;
        return !hasSelect && (known == null || (known.isSet() && !known.hasOwnCode()));
    }

    /** As the server has described it last: with the next execution it tells whether that still holds. */
    public DescribedTemplate describeIn(RoundTrip trip) {
        DescribedTemplate known = described;
        known.checkIn(trip);
        return known;
    }

    /**
     * Executes the statement for all of these records.
     *
     * @param trip          what goes to the server with the statement; nothing, unless the records {@link #isKnown are known}
     * @param now           what {@link #describe} has returned in this transaction
     * @param values        values extracted before; those that are missing, or are for other types, are extracted now
     * @param timeoutMillis how long it may take in all
     * @param best          how they are sent if they can be; by one statement only if no two of them mean the same row
     * @throws RecordFaultException if a record cannot be bound
     */
    public Executed execute(
            Connection connection,
            RoundTrip trip,
            DescribedTemplate now,
            List<Message> records,
            Map<Message, RecordValues> values,
            long timeoutMillis,
            Way best)
            throws SQLException {
        BatchExecution batch = new BatchExecution(connection, trip, timeoutMillis, best);
        List<PathValues> whole = new ArrayList<>(records.size());
        UnchangedValues.Groups incomplete = null;
        for (Message message : records) {
            RecordValues known = values.get(message);
            PathValues found = known == null || known.described() != now
                    ? extractValues(message, now).values()
                    : known.values();
            if (found.unchanged().isEmpty() || (!message.mayLackValues() && now.shape() == null)) {
                whole.add(found);
            } else {
                incomplete = incomplete == null ? new UnchangedValues.Groups() : incomplete;
                incomplete.add(message, found);
            }
        }
        Executed executed;
        try {
            executed = run(batch, now, whole);
        } catch (RoundTrip.UnexpectedException e) {
            outdated = true;
            throw e;
        }
        if (incomplete != null) {
            unchangedValues.execute(batch, now, incomplete);
            return new Executed(-1, executed.way());
        }
        return executed;
    }

    private static Executed run(BatchExecution batch, DescribedTemplate now, List<PathValues> records)
            throws SQLException {
        // one that fails alone is to be told of in the words of its own statement
        if ((records.size() > 1 || batch.isWithOthers()) && batch.way() == Way.SET && now.set() != null) {
            return new Executed(now.set().execute(batch, records), Way.SET);
        }
        if (batch.isWithOthers()) {
            // it has been described anew meanwhile, and would be executed without what begins the transaction
            throw new RoundTrip.UnexpectedException("there is no statement for many records any more");
        }
        List<String[]> texts = records.stream().map(PathValues::texts).toList();
        boolean isBatch = texts.size() > 1 && batch.way() != Way.SINGLY;
        return new Executed(texts.isEmpty() ? 0 : sum(batch.run(now.sql(), texts)), isBatch ? Way.ROWS : Way.SINGLY);
    }

    private static int sum(int[] counts) {
        int rows = 0;
        for (int count : counts) {
            if (count < 0) {
                return -1;
            }
            rows += count;
        }
        return rows;
    }

    /** What the template does to the row of a record, as far as its text tells. */
    public Kind kind() {
        TemplateToken first = TemplateToken.of(template.file(), template.text()).get(0);
        if (first.is("update")) {
            return Kind.UPDATE;
        } else if (first.is("delete")) {
            return Kind.DELETE;
        }
        return shape != null && shape.onlyInserts() ? Kind.INSERT : Kind.ANY;
    }

    /** What a template can do to a row. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE,
        ANY
    }

    /**
     * Where in the template the failure of a record that was written alone has its cause:
     * {@code file:line:column: :#a.path for column name}; null if the server has not said which value it is about.
     */
    public String placeOf(Message record, SQLException failure) {
        boolean mayBeRewritten = record.lacksValues()
                || (record.format().dataField().equals(KeyPaths.RECORD) && (record.isDeleted() || record.isRead()));
        return faultPlace(!mayBeRewritten).of(failure);
    }

    /** Where in the template a path of its own stands first, as {@link #placeOf(Message, SQLException)} says it. */
    public String placeOf(List<String> path) {
        return faultPlace(true).of(path);
    }

    private FaultPlace faultPlace(boolean isAsItStands) {
        DescribedTemplate known = described;
        return new FaultPlace(template, known == null || known.shape() == null ? shape : known.shape(), isAsItStands);
    }

    /** The texts of a record's values for its parameters. */
    String[] extractTexts(Message message, DescribedTemplate now) throws RecordFaultException {
        return extractValues(message, now).values().texts();
    }

    /**
     * Has the server plan the template, and writes nothing.
     *
     * @throws SQLException if the server refuses it, with its SQLSTATE and the place in the file, or cannot be reached
     */
    public void plan(Connection connection) throws SQLException {
        new TemplateDescriber(template, connection).plan();
    }

    /**
     * Checks that the record has the version that the template needs.
     *
     * @throws MalformedRecordException if not
     */
    public void checkVersion(Message message) throws MalformedRecordException {
        if (needsVersion && message.version() == null) {
            throw new MalformedRecordException(
                    "the template of " + message.collection() + " needs a version: " + message.versionProblem());
        }
    }
}
