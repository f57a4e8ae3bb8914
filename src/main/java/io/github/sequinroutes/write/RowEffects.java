package io.github.sequinroutes.write;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.message.MessageFormat;
import io.github.sequinroutes.template.RowLookUp;
import io.github.sequinroutes.template.TemplateStatement;
import io.github.sequinroutes.template.TemplateStatement.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Tells from the row of a record what its template has done to that, as far as it is known which row is meant. Used by one
 * thread, in the transaction of a dry run.
 */
final class RowEffects {
    private static final String NO_ROW = "there is no such row";
    private static final String STAYS = "its row is newer, or is never changed";
    private static final String NO_ROW_OR_NEWER = "there is no such row, or it is newer";
    private static final String WRITES_NOTHING = "the template writes nothing of it";
    private static final String NEWER_BEFORE = "a newer version has been written before";
    private static final String MARKED = "as deleted";
    private static final String NOT_MARKED = "a deletion, which the template does not look at";

    /** Where the Consume API and the Stream API say that a record is deleted. */
    private static final List<List<String>> DELETED = List.of(List.of("deleted"), List.of("action"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Connection connection;
    private final TemplateStatement upsert;
    /** Null if there is none. */
    private final TemplateStatement delete;

    private RowLookUp look;

    /**
     * A row, as far as it has been looked at.
     *
     * @param state   another one after each change; empty if there is no row
     * @param columns their values, if a deletion may mark the row; else null
     */
    record Row(String state, JsonNode columns) {
        private static final Row NONE = new Row("", null);

        boolean isThere() {
            return !state.isEmpty();
        }
    }

    /** What has become of a record, and why, in words for a person; the latter is null if the effect says it. */
    record Told(Effect effect, String text) {}

    /** Of the rows of a table. */
    RowEffects(Connection connection, Table table) {
        this.connection = connection;
        upsert = table.templates().upsert();
        delete = table.templates().delete();
    }

    /**
     * From now on looks at rows.
     *
     * @throws SQLException if they have no place that tells, as those of a view
     */
    void lookUpRows(MessageFormat format) throws SQLException {
        RowLookUp found = RowLookUp.ofState(upsert, upsert.describe(connection), format);
        if (found != null) {
            found.describe(connection);
            look = found;
        }
    }

    /**
     * The row of a record, or null if it is not known which that is.
     *
     * @throws SQLException if a value cannot be one of its column
     */
    Row find(Message record) throws SQLException {
        if (look == null || (isByDelete(record) && !delete.template().paths().containsAll(upsert.keyPaths()))) {
            return null;
        }
        String state = look.find(connection, record);
        return state == null ? Row.NONE : new Row(state, mayMark(record) ? columns(state) : null);
    }

    private boolean isByDelete(Message record) {
        return delete != null && record.isDeleted();
    }

    /** Whether the upsert template looks at what says that this record is deleted. */
    private boolean mayMark(Message record) {
        return record.isDeleted()
                && delete == null
                && upsert.template().paths().stream().anyMatch(DELETED::contains);
    }

    private JsonNode columns(String state) throws SQLException {
        String[] tableAndPlace = state.split(" ", 2);
        String table = query("select cast(cast(? as oid) as regclass)::text", tableAndPlace[0]);
        String row =
                query("select to_jsonb(r)::text from " + table + " as r where ctid = cast(? as tid)", tableAndPlace[1]);
        try {
            return JSON.readTree(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL's JSON cannot be read", e);
        }
    }

    private String query(String sql, String parameter) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Whether what has become of a record cannot be told without its row as it is now. */
    static boolean needsRow(Message record, TableTrial.Written written) {
        return written.rows() != null && (written.rows() < 0 || (written.rows() > 0 && record.isDeleted()));
    }

    /**
     * What has become of a record.
     *
     * @param now    its row as it was when the record was written, or null if it is not known which that is
     * @param before the same before anything of the batch was written that the record supersedes
     * @param after  its row as it is, or null if it has not been looked up again
     */
    Told told(Message record, TableTrial.Written written, Row now, Row before, Row after) {
        Integer rows = written.rows();
        boolean needsRow = written.kind() == Kind.DELETE || written.kind() == Kind.UPDATE;
        if (rows == null) {
            return new Told(Effect.IGNORED, NEWER_BEFORE);
        } else if (now == null) {
            return rows == 0
                    ? new Told(Effect.IGNORED, needsRow ? NO_ROW_OR_NEWER : STAYS)
                    : byTemplate(record, written);
        } else if (rows == 0 || (after != null && after.state.equals(before.state))) {
            String absent = needsRow ? NO_ROW : WRITES_NOTHING;
            boolean isElsewhere = rows > 0 && !now.isThere();
            return isElsewhere
                    ? byTemplate(record, written)
                    : new Told(Effect.IGNORED, before.isThere() ? STAYS : absent);
        } else if (after != null && !after.isThere()) {
            return new Told(Effect.DELETED, null);
        }
        return written(record, now, before, after);
    }

    /** Its row is there, and another than before. */
    private Told written(Message record, Row now, Row before, Row after) {
        Effect effect = before.isThere() ? Effect.UPDATED : Effect.INSERTED;
        if (!record.isDeleted()) {
            return new Told(effect, null);
        } else if (isByDelete(record)) {
            return new Told(Effect.DELETED, null);
        } else if (!mayMark(record)) {
            return new Told(effect, NOT_MARKED);
        } else if (!before.isThere()) {
            return new Told(effect, MARKED);
        }
        boolean isMarked = now.columns == null || isMarked(now.columns, after.columns);
        return new Told(isMarked ? Effect.DELETED : effect, null);
    }

    /** Whether a flag, a time or a text has got another value; one that is only emptied marks nothing, nor does a number. */
    private static boolean isMarked(JsonNode before, JsonNode after) {
        return after.properties().stream()
                .filter(column ->
                        column.getValue().isBoolean() || column.getValue().isTextual())
                .anyMatch(column -> !column.getValue().equals(before.get(column.getKey())));
    }

    /** What the template says that it does to rows, of which it has written some. */
    private Told byTemplate(Message record, TableTrial.Written written) {
        if (written.rows() < 0) {
            return new Told(Effect.WRITTEN, null);
        } else if (isByDelete(record) || written.kind() == Kind.DELETE) {
            return new Told(Effect.DELETED, null);
        }
        boolean isUpdate = written.kind() == Kind.UPDATE;
        Effect effect = written.kind() == Kind.INSERT ? Effect.INSERTED : isUpdate ? Effect.UPDATED : Effect.WRITTEN;
        if (!record.isDeleted()) {
            return new Told(effect, null);
        } else if (!mayMark(record)) {
            return new Told(effect, NOT_MARKED);
        }
        return isUpdate ? new Told(Effect.DELETED, null) : new Told(effect, MARKED);
    }
}
