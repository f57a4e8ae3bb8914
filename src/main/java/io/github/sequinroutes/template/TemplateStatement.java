package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.failure.RecordFaultException;
import io.github.sequinroutes.failure.RecordTooLargeException;
import io.github.sequinroutes.json.InvalidStringException;
import io.github.sequinroutes.message.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.postgresql.jdbc.PgStatement;

/**
 * Executes a template for records: every value goes to the server as untyped text, and PostgreSQL gives it the type of
 * the column or expression it meets, so that users write no casts and no driver setting matters. Thread-safe.
 */
public final class TemplateStatement {
    private static final List<String> VERSION = List.of("updated_idx");
    private static final List<String> ID = List.of("id");
    private static final String DATA = "data";

    private final Template template;
    private final int maxRecordSize;
    private final boolean needsVersion;
    private volatile Described described;

    /** The statement as it is for certain types of its parameters. */
    public static final class Described {
        private final String types;
        private final String sql;
        private final RecordPaths paths;

        private Described(String types, String sql, RecordPaths paths) {
            this.types = types;
            this.sql = sql;
            this.paths = paths;
        }
    }

    /** The values of a record, and the types for which they were extracted. */
    public static final class Values {
        private final Described described;
        private final String[] texts;

        private Values(Described described, String[] texts) {
            this.described = described;
            this.texts = texts;
        }
    }

    /** The statement of a template; a record of more than {@code maxRecordSize} bytes is never sent to its table. */
    public TemplateStatement(Template template, int maxRecordSize) {
        this.template = template;
        this.maxRecordSize = maxRecordSize;
        needsVersion = template.paths().contains(VERSION);
    }

    /** The template. */
    public Template template() {
        return template;
    }

    /**
     * Extracts the values of a record, without a connection, so that PostgreSQL need not wait for it; null if the types of
     * the parameters are not known yet.
     *
     * @throws RecordFaultException if the record cannot be bound
     */
    public Values extractValues(Message message) throws RecordFaultException {
        Described known = described;
        return known == null ? null : extractValues(message, known);
    }

    private Values extractValues(Message message, Described known) throws RecordFaultException {
        int size = message.recordEnd() - message.recordStart();
        if (size > maxRecordSize) {
            throw new RecordFaultException(message, new RecordTooLargeException(size, maxRecordSize));
        }
        try {
            return new Values(known, known.paths.valuesOf(message));
        } catch (InvalidStringException e) {
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
                String sql = template.sql() + "\n/* "
                        + Integer.toHexString(types.fingerprint().hashCode()) + " */";
                known = new Described(types.fingerprint(), sql, new RecordPaths(template.paths(), types.kinds()));
                described = known;
            }
            return known;
        });
    }

    /**
     * Executes the statement for all of these records.
     *
     * @param now           what {@link #describe} has returned in this transaction
     * @param values        values extracted before; those that are missing, or are for other types, are extracted now
     * @param timeoutMillis how long it may take in all
     * @param together      whether the driver may make one statement of them, in which no two may mean the same row
     * @throws RecordFaultException if a record cannot be bound
     */
    public void execute(
            Connection connection,
            Described now,
            List<Message> records,
            Map<Message, Values> values,
            long timeoutMillis,
            boolean together)
            throws SQLException {
        execute(connection, now, records, values, timeoutMillis, together, Variant.AS_IT_IS);
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
        execute(connection, now, List.of(record), Map.of(), timeoutMillis, false, variant);
    }

    private void execute(
            Connection connection,
            Described now,
            List<Message> records,
            Map<Message, Values> values,
            long timeoutMillis,
            boolean together,
            Variant variant)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(now.sql)) {
            // the server's own time-out is for one statement, and a batch is many
            statement.unwrap(PgStatement.class).setQueryTimeoutMs(timeoutMillis);
            for (Message message : records) {
                Values known = values.get(message);
                String[] texts =
                        known == null || known.described != now ? extractValues(message, now).texts : known.texts;
                bind(statement, varied(texts, variant));
                if (together && records.size() > 1) {
                    statement.addBatch();
                } else {
                    // not as a batch: where the driver quotes a failed batch in its exception, it can fail at that
                    statement.executeUpdate();
                }
            }
            if (together && records.size() > 1) {
                statement.executeBatch();
            }
        }
    }

    private static void bind(PreparedStatement statement, String[] texts) throws SQLException {
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] == null) {
                statement.setNull(i + 1, Types.OTHER);
            } else {
                statement.setObject(i + 1, texts[i], Types.OTHER);
            }
        }
    }

    private String[] varied(String[] texts, Variant variant) {
        if (variant == Variant.AS_IT_IS) {
            return texts;
        }
        String[] varied = texts.clone();
        for (int i = 0; i < varied.length; i++) {
            List<String> path = template.paths().get(i);
            if (variant == Variant.WITHOUT_DATA && path.get(0).equals(DATA)) {
                varied[i] = null;
            } else if (variant == Variant.WITH_ANOTHER_ID && path.equals(ID) && varied[i] != null) {
                varied[i] = anotherId(varied[i]);
            }
        }
        return varied;
    }

    /** An ID of the same kind: a number, a UUID or any string. */
    private static String anotherId(String id) {
        UUID random = UUID.randomUUID();
        if (id.matches("\\d+")) {
            return Integer.toString(Integer.MAX_VALUE - (int) (random.getMostSignificantBits() & 0xfffff));
        }
        return id.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") ? random.toString() : id + random;
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
