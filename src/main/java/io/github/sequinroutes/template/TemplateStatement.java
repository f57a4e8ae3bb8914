package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.failure.RecordTooLargeException;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
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
    private static final List<String> ID = List.of("id");

    private final Template template;
    private final int maxRecordSize;
    private final boolean needsVersion;
    /** What a deletion must have; null if the template is not only for these. */
    private final DeletionKeys deletionKeys;

    private final UnchangedValues unchangedValues;
    /** As far as the template tells it; null if it is not that of an upsert. */
    private final TemplateShape shape;

    private volatile Described described;

    /** The statement as it is for certain types of its parameters. */
    public static final class Described {
        private final String types;
        private final String sql;
        private final RecordPaths paths;
        private final TemplateShape shape;
        private final RowKeys keys;
        /** The statement for many records, or null. */
        private final SetStatement set;

        private Described(
                String types, String sql, RecordPaths paths, TemplateShape shape, RowKeys keys, SetStatement set) {
            this.types = types;
            this.sql = sql;
            this.paths = paths;
            this.shape = shape;
            this.keys = keys;
            this.set = set;
        }

        /** Whether there is one statement for many records. */
        boolean isSet() {
            return set != null;
        }

        /** The statement. */
        String sql() {
            return sql;
        }

        /** Where a record has its values. */
        RecordPaths paths() {
            return paths;
        }

        /** The template's shape with all columns, or null. */
        TemplateShape shape() {
            return shape;
        }
    }

    /** The values of a record, and the types for which they were extracted. */
    public static final class Values {
        private final Described described;
        private final PathValues values;

        private Values(Described described, PathValues values) {
            this.described = described;
            this.values = values;
        }
    }

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
        Described known = described;
        TemplateShape now = known == null || known.shape == null ? shape : known.shape;
        return KeyPaths.parametersOf(template, now).stream()
                .map(template.paths()::get)
                .toList();
    }

    /** The keys of its rows, or null until the server has described it. */
    public RowKeys keys() {
        Described known = described;
        return known == null ? null : known.keys;
    }

    /** The template. */
    public Template template() {
        return template;
    }

    /**
     * Extracts the values of a record, without a connection, so that PostgreSQL need not wait for it; null if the types of
     * the parameters are not known yet.
     *
     * @param way how the record will be sent, if it can be
     * @throws RecordFaultException if the record cannot be bound
     */
    public Values extractValues(Message message, Way way) throws RecordFaultException {
        Described known = described;
        if (known == null) {
            return null;
        }
        Values values = extractValues(message, known);
        if (way != Way.SET || known.set == null) {
            values.values.texts(); // a set does without
        }
        return values;
    }

    private Values extractValues(Message message, Described known) throws RecordFaultException {
        int size = message.recordEnd() - message.recordStart();
        if (size > maxRecordSize) {
            throw new RecordFaultException(message, new RecordTooLargeException(size, maxRecordSize));
        }
        try {
            PathValues values = known.paths.valuesOf(message);
            if (deletionKeys != null) {
                deletionKeys.require(values.texts());
            }
            return new Values(known, values);
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
    public Described describe(Connection connection) throws SQLException {
        // this text is never executed, so the driver never keeps it prepared, with the types as they once were
        return new TemplateDescriber(template, connection).describe(types -> {
            Described known = described;
            if (known == null || !known.types.equals(types.fingerprint())) {
                // what the driver keeps prepared it finds by its text: for other types it must be another one
                String mark = "\n/* " + Integer.toHexString(types.fingerprint().hashCode()) + " */";
                String sql = template.sql() + mark;
                TemplateShape whole =
                        shape != null && shape.needsLookUp() ? new ShapeLookUp(connection).complete(shape) : shape;
                ParameterKind[] kinds = types.kinds();
                known = new Described(
                        types.fingerprint(),
                        sql,
                        new RecordPaths(template.paths(), kinds),
                        whole,
                        keys(KeyPaths.parametersOf(template, whole), kinds),
                        SetStatement.of(connection, template, shape, kinds, mark));
                described = known;
            }
            return known;
        });
    }

    private RowKeys keys(List<Integer> parameters, ParameterKind[] kinds) {
        return new RowKeys(
                parameters.stream().map(template.paths()::get).toList(),
                parameters.stream().map(parameter -> kinds[parameter]).toArray(ParameterKind[]::new));
    }

    /**
     * Executes the statement for all of these records.
     *
     * @param now           what {@link #describe} has returned in this transaction
     * @param values        values extracted before; those that are missing, or are for other types, are extracted now
     * @param timeoutMillis how long it may take in all
     * @param best          how they are sent if they can be; by one statement only if no two of them mean the same row
     * @throws RecordFaultException if a record cannot be bound
     */
    public Executed execute(
            Connection connection,
            Described now,
            List<Message> records,
            Map<Message, Values> values,
            long timeoutMillis,
            Way best)
            throws SQLException {
        return execute(connection, now, records, values, timeoutMillis, best, Variant.AS_IT_IS);
    }

    /** In which form a record is probed. */
    public enum Variant {
        /** As it is. */
        AS_IT_IS,
        /** Without its data, which then cannot make it fail. */
        WITHOUT_DATA,
        /** With an ID that no other record has: as if it were new. */
        WITH_ANOTHER_ID
    }

    /** Executes the statement for a variant of one record. */
    public void execute(Connection connection, Described now, Message record, Variant variant, long timeoutMillis)
            throws SQLException {
        execute(connection, now, List.of(record), Map.of(), timeoutMillis, Way.SINGLY, variant);
    }

    private Executed execute(
            Connection connection,
            Described now,
            List<Message> records,
            Map<Message, Values> values,
            long timeoutMillis,
            Way best,
            Variant variant)
            throws SQLException {
        BatchExecution batch = new BatchExecution(connection, timeoutMillis, best);
        List<PathValues> whole = new ArrayList<>(records.size());
        UnchangedValues.Groups incomplete = null;
        for (Message message : records) {
            Values known = values.get(message);
            PathValues found =
                    known == null || known.described != now ? extractValues(message, now).values : known.values;
            if (variant != Variant.AS_IT_IS) {
                whole.add(new PathValues(probed(message).of(found.texts(), variant)));
            } else if (found.unchanged().isEmpty() || (!message.mayLackValues() && now.shape == null)) {
                whole.add(found);
            } else {
                incomplete = incomplete == null ? new UnchangedValues.Groups() : incomplete;
                incomplete.add(message, found);
            }
        }
        Executed executed = run(batch, now, whole);
        if (incomplete != null) {
            unchangedValues.execute(batch, now, incomplete);
            return new Executed(-1, executed.way());
        }
        return executed;
    }

    private static Executed run(BatchExecution batch, Described now, List<PathValues> records) throws SQLException {
        if (records.size() > 1 && batch.way() == Way.SET && now.set != null) {
            return new Executed(now.set.execute(batch, records), Way.SET);
        }
        List<String[]> texts = records.stream().map(PathValues::texts).toList();
        boolean isBatch = texts.size() > 1 && batch.way() != Way.SINGLY;
        return new Executed(texts.isEmpty() ? 0 : sum(batch.run(now.sql, texts)), isBatch ? Way.ROWS : Way.SINGLY);
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

    /** Finds what tells the state of the row that a record means; null if the template does not tell which row that is. */
    public RowLookUp stateLookUp(Described now, MessageFormat format) {
        return lookUp(now, format, RowLookUp.STATE);
    }

    /** Finds the version of the row that a record means; null if the template does not tell which row that is, or its version. */
    public RowLookUp versionLookUp(Described now, MessageFormat format) {
        return lookUp(now, format, RowLookUp.version(now.shape, format));
    }

    private RowLookUp lookUp(Described now, MessageFormat format, String selected) {
        if (selected == null
                || now.shape == null
                || now.shape.columns() == null
                || now.shape.conflictColumns() == null) {
            return null;
        }
        try {
            Template row = KeepingTemplate.row(template, now.shape, format.dataField(), selected);
            return new RowLookUp(new TemplateStatement(row, maxRecordSize));
        } catch (TemplateException notTold) {
            return null;
        }
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
        Described known = described;
        return new FaultPlace(template, known == null || known.shape == null ? shape : known.shape, isAsItStands);
    }

    /** Executes the statement for a record with NULL in place of the value at a path. */
    public void executeWithout(
            Connection connection, Described now, Message record, List<String> path, long timeoutMillis)
            throws SQLException {
        String[] texts = extractTexts(record, now).clone();
        for (int i = 0; i < texts.length; i++) {
            texts[i] = template.paths().get(i).equals(path) ? null : texts[i];
        }
        new BatchExecution(connection, timeoutMillis, Way.SINGLY)
                .run(now.sql, java.util.Collections.singletonList(texts));
    }

    private ProbedValues probed(Message message) {
        String dataField = message.format().dataField();
        List<List<String>> keys = List.of(ID);
        if (dataField.equals(KeyPaths.RECORD)) {
            keys = keyPaths().isEmpty() ? List.of(List.of(KeyPaths.RECORD, "id")) : keyPaths();
        }
        return new ProbedValues(template.paths(), dataField, keys);
    }

    /** The texts of a record's values for its parameters. */
    String[] extractTexts(Message message, Described now) throws RecordFaultException {
        return extractValues(message, now).values.texts();
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
