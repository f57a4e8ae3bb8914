package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Tries whether deletions reach the row of their record, and only that. */
record DeletionTrial(Trial trial, Findings findings) {
    /** Reports what is wrong with a delete template; {@code bystander} is the row of another record, by its message. */
    void ofTemplate(Message message, Map<String, String> bystander) throws SQLException {
        List<Map<String, String>> rows = trial.rows(trial.first, message, deletion());
        if (rows == null) {
            return;
        }
        if (!rows.contains(bystander)) {
            String what =
                    "the deletion of one record also %s the row of another; compare the key with a path, as in where id = %s"
                            .formatted(
                                    rows.size() < 2 ? "removes" : "changes",
                                    trial.paths.isConsume() ? ":#id" : ":#record.id");
            findings.error(Finding.EVERY_ROW, Trial.place(trial.delete), what);
            return;
        }
        new AbsentKeyTrial(trial, findings).run();
        Map<String, String> left =
                rows.stream().filter(row -> !row.equals(bystander)).findFirst().orElse(null);
        // steps of a route may make something else of a deletion
        if (rows.size() > 2 || trial.collection.hasSteps()) {
            return;
        }
        if (left == null || !trial.isSame(left, trial.firstRow)) {
            hyphened();
        }
        if (left == null) {
            return;
        }
        if (!trial.isSame(left, trial.firstRow)) {
            new ReturnTrial(trial, findings).run(left);
            withoutTime(trial.delete);
            WipeTrial wipe = new WipeTrial(trial, findings);
            wipe.ofTemplate(left);
            wipe.withoutMark(left);
        } else if (!isOnlyOfSome() && !isToldOtherwise(Finding.TOMBSTONE)) {
            lost("a deletion leaves the row of its record as it was, since its condition is not true of what the upsert"
                    + " template writes, or it sets nothing else; compare the key with that alone, or set a mark");
        }
    }

    /** Warns of a deletion that finds no row of an ID with hyphens, though it finds those of others. */
    private void hyphened() throws SQLException {
        Message hyphened = trial.records.written(MadeUpText.HYPHENED, 10, 10);
        Map<String, String> row = trial.paths.isConsume() ? trial.row(hyphened) : null;
        if (row != null && row.equals(trial.row(hyphened, trial.records.deleted(MadeUpText.HYPHENED, 30)))) {
            findings.warning(
                    Finding.LOST_DELETES,
                    Trial.place(trial.delete),
                    "a deletion of an ID with hyphens leaves the row as it was, though that of another ID does"
                            + " not; compare the key with :#id itself");
        }
    }

    private Message deletion() {
        return trial.records.deleted(1, 30);
    }

    private void lost(String what) {
        findings.error(Finding.LOST_DELETES, Trial.place(trial.delete), what);
    }

    /** Whether it is for rows of certain values only, which made-up ones need not have. */
    private boolean isOnlyOfSome() {
        Range where = trial.delete.where();
        boolean hasOtherPaths = where != null
                && trial.delete.paths(where).stream().anyMatch(path -> !trial.paths.isKey(path) && !isOfMessage(path));
        return hasOtherPaths
                || trial.named(trial.delete).stream()
                        .flatMap(column -> trial.upsert.pathsOf(column).stream())
                        .anyMatch(path -> !trial.keys.contains(path) && !isOfMessage(path));
    }

    private boolean isOfMessage(List<String> path) {
        return trial.paths.isDeleted(path) || trial.paths.version().contains(path);
    }

    private boolean isToldOtherwise(Finding... kinds) {
        return findings.isFound(kinds) || Stream.of(kinds).anyMatch(findings::isAllowed);
    }

    /** Reports an upsert template that does nothing for a deletion, or takes something else for one. */
    void ofUpsert() throws SQLException {
        if (!trial.paths.isConsume()) {
            marked("insert", "a row that is inserted");
            marked("read", "a row that a backfill has read");
        }
        List<Map<String, String>> rows = trial.rows(trial.first, deletion());
        if (rows != null && !trial.collection.hasSteps()) {
            removed(rows.isEmpty());
            doubled(rows);
        }
        Map<String, String> left = trial.row(trial.first, deletion());
        if (left != null && !trial.isSame(left, trial.firstRow)) {
            withoutTime(trial.upsert);
            if (!isToldOtherwise(Finding.UNUSED_DELETES)) {
                new WipeTrial(trial, findings).ofUpsert(left);
            }
        } else if (left != null
                && !trial.collection.hasSteps()
                && !findings.isFound(Finding.GUARD)
                && !isToldOtherwise(Finding.UNUSED_DELETES, Finding.LOST_DELETES, Finding.TOMBSTONE)) {
            findings.warning(
                    Finding.LOST_DELETES,
                    Trial.place(trial.upsert),
                    "a deletion leaves the row of its record as it was; write " + trial.paths.deleted()
                            + " into a column, or add a delete template");
        }
    }

    /** Reports an upsert that removes the row, after which an older version finds nothing that is newer. */
    private void removed(boolean isRemoved) throws SQLException {
        Message old = trial.records.written(1, 20, 20);
        if (isRemoved
                && !trial.collection.ledger()
                && trial.row(trial.first, deletion(), old) != null
                && !isToldOtherwise(Finding.NO_GUARD, Finding.GUARD)) {
            findings.error(
                    Finding.NO_GUARD,
                    Trial.place(trial.upsert),
                    "a deletion removes the row, so that an older version which comes later brings the record"
                            + " back; add guard: ledger to the route, or delete by a delete template");
        }
    }

    /** Warns of a deletion that leaves the row as it was and adds another, as it does where its key, or index, is another. */
    private void doubled(List<Map<String, String>> rows) {
        boolean isDoubled = rows.size() == 2 && rows.contains(trial.firstRow) && !findings.isAllowed(Finding.NEW_ROW);
        if (isDoubled && !findings.isFound(Finding.NULL_KEY)) {
            findings.warning(
                    Finding.NEW_ROW,
                    trial.upsert.conflict() == null
                            ? Trial.place(trial.upsert)
                            : trial.upsert.position(trial.upsert.conflict().target()),
                    "a deletion leaves the row of its record as it was and makes one more, which on conflict"
                            + " does not take for the same; tie the row to what no deletion changes or lacks, such as "
                            + (trial.paths.isConsume() ? ":#id" : ":#record.id")
                            + ", with a unique index of all rows");
        }
    }

    /** Warns of a mark that is a time which a deletion need not have. */
    private void withoutTime(SqlStatement statement) throws SQLException {
        int at = statement.find(List.of(MadeUpRecords.TIME)::equals);
        Map<String, String> left = at < 0 || !trial.paths.isConsume()
                ? null
                : trial.row(trial.first, trial.records.having(List.of(MadeUpRecords.TIME), null, 1, 30, true));
        if (left != null && trial.isSame(left, trial.firstRow)) {
            findings.warning(
                    Finding.TOMBSTONE,
                    statement.position(at),
                    "a deletion without :#upstream_updated_at leaves the row of its record as it was; write"
                            + " coalesce(:#upstream_updated_at, now())");
        }
    }

    /** Reports a mark that messages with another action get as well. */
    private void marked(String action, String what) throws SQLException {
        Map<String, String> row = trial.row(trial.records.first(action));
        Map<String, String> deleted = trial.row(trial.records.first("delete"));
        for (TargetTable.Column column :
                row == null || deleted == null ? List.<TargetTable.Column>of() : trial.table.columns()) {
            String name = column.name();
            boolean isMark = column.baseType() != null
                    && column.baseType().matches("bool|timestamptz?")
                    && !Objects.equals(row.get(name), trial.firstRow.get(name))
                    && Objects.equals(row.get(name), deleted.get(name));
            if (isMark) {
                Range value = trial.upsert.valueOf(name);
                findings.error(
                        Finding.LOST_DELETES,
                        value == null ? Trial.place(trial.upsert) : trial.upsert.position(value.from()),
                        what + " is marked as deleted in " + SqlNames.quoted(name) + "; write "
                                + trial.paths.deleted());
            }
        }
    }
}
