package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.failure.MalformedRecordException;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.MissingRows;
import io.github.sequinroutes.template.RowKeys;
import io.github.sequinroutes.template.TemplateStatement;
import java.util.List;

/** The templates of a collection: which of them writes a record, and which row that means. Thread-safe. */
final class CollectionTemplates {
    private final TemplateStatement upsert;
    private final TemplateStatement delete;
    private final TemplateStatement missing;
    private final boolean ledger;

    /** {@code delete} may be null: then the upsert template marks deletions. */
    CollectionTemplates(TemplateStatement upsert, TemplateStatement delete, boolean ledger, int maxRecordSize) {
        this.upsert = upsert;
        this.delete = delete;
        this.ledger = ledger || delete != null;
        missing = this.ledger ? MissingRows.of(upsert.template(), maxRecordSize) : null;
    }

    /** Writes what is not deleted, or all if there is no {@link #delete}. */
    TemplateStatement upsert() {
        return upsert;
    }

    /** Writes what is deleted; null if there is none. */
    TemplateStatement delete() {
        return delete;
    }

    /** For what a backfill has read of rows that the ledger knows; null if there is no such way to write them. */
    TemplateStatement missing() {
        return missing;
    }

    /** Whether the ledger decides which version is newer. */
    boolean isLedger() {
        return ledger;
    }

    /** The user's own. */
    List<TemplateStatement> all() {
        return delete == null ? List.of(upsert) : List.of(upsert, delete);
    }

    /** The one that writes a record. */
    TemplateStatement of(Message record) {
        return delete != null && record.isDeleted() ? delete : upsert;
    }

    /** Notes which row a record means. */
    void identify(Message record) {
        List<String> key = record.format().hasKeysInRecords() && keys() != null ? keys().of(record) : null;
        record.identify(key == null ? null : RowKeys.joined(key));
    }

    /** The deletion of the row under the key that it had before this change, or null if that is the same, or not known. */
    Message departure(Message change) {
        RowKeys keys = change.hasOldValues() ? keys() : null;
        List<String> former = keys == null ? null : keys.formerOf(change);
        if (former == null) {
            return null;
        }
        Message departure = change.format().departure(change, keys.of(change), former);
        departure.identify(RowKeys.joined(former));
        return departure;
    }

    /** Of the rows; null if it is not known yet. */
    RowKeys keys() {
        return keyTemplate().keys();
    }

    /** Which says what the key is: a delete template may look at more than that, or at nothing that is known. */
    TemplateStatement keyTemplate() {
        List<List<String>> ofDelete = delete == null ? List.of() : delete.keyPaths();
        List<List<String>> ofUpsert = upsert.keyPaths();
        return ofDelete.isEmpty() || (!ofUpsert.isEmpty() && ofDelete.containsAll(ofUpsert)) ? upsert : delete;
    }

    /**
     * Checks that a record has the version that a template or the ledger needs.
     *
     * @throws MalformedRecordException if not
     */
    void checkVersion(Message record) throws MalformedRecordException {
        if (ledger && record.version() == null) {
            throw new MalformedRecordException("the ledger needs a version: " + record.versionProblem());
        }
        upsert.checkVersion(record);
    }

    /** The place in the template of the value for which PostgreSQL has rejected a record alone, or null if it is not known. */
    String placeOf(Message record, WriteException failure) {
        return failure.step() == WriteException.Step.EXECUTE
                ? of(record).placeOf(record, Failures.sqlCause(failure))
                : null;
    }
}
