package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import java.sql.SQLException;
import java.util.Set;

/** Tries whether each record has a row, and keeps it. */
record RowTrial(Trial trial, Findings findings) {
    /** A duplicate, and a row that one statement means twice. */
    private static final Set<String> TWICE = Set.of("23505", "21000");

    /** Reports that the first message of a record leaves no row, if it is not one that the template leaves out. */
    void missing() {
        boolean choosesRecords =
                !trial.readsItself() && !trial.upsert.paths(behindVerb()).isEmpty() && !trial.upsert.isPlain();
        if (trial.upsert.verb() == Verb.INSERT && !choosesRecords) {
            findings.error(
                    Finding.NO_ROW,
                    Trial.place(trial.upsert),
                    "the first message of a record leaves no row"
                            + (trial.readsItself() ? ", since it is made from one that must be there already" : "")
                            + "; write insert into … values … on conflict … do update");
        }
    }

    /** What an insert of a select has behind its list, in which records can be chosen. */
    private Range behindVerb() {
        int from = trial.upsert.at();
        while (from < trial.upsert.tokens().size()
                && !trial.upsert.is(from, "from")
                && !trial.upsert.is(from, "where")) {
            from++;
        }
        int to = trial.upsert.conflict() == null
                ? trial.upsert.tokens().size()
                : trial.upsert.conflict().at();
        return new Range(Math.min(from, to), to);
    }

    /** Warns that nobody inserts the rows of records that have none. */
    void onlyUpdated() {
        boolean isMerge = trial.upsert.verb() == Verb.MERGE;
        findings.warning(
                Finding.NO_ROW,
                trial.upsert.position(trial.upsert.at()),
                (isMerge ? "a merge without when not matched" : "an update")
                        + " changes rows that are there, and no other template inserts into "
                        + trial.table.name() + ", so a record without a row gets none; "
                        + (isMerge
                                ? "add when not matched then insert … values …"
                                : "write insert into … values … on conflict … do update"));
    }

    /** Reports what becomes of a row when its message comes once more. */
    void kept() throws SQLException {
        CopiedTable.Outcome twice = trial.outcome(trial.first, trial.first);
        if (TWICE.contains(String.valueOf(twice.state()))) {
            findings.error(
                    Finding.NO_CONFLICT,
                    trial.upsert.position(trial.upsert.at()),
                    "a message that comes again is refused (SQLSTATE " + twice.state()
                            + "); add on conflict … do update");
        } else if (twice.rows() != null && twice.rows().isEmpty()) {
            findings.error(
                    Finding.NO_ROW,
                    trial.upsert.position(trial.upsert.at()),
                    "a message that comes again removes the row of its record; write insert into … values …"
                            + " on conflict … do update alone");
        } else if (twice.rows() != null && twice.rows().size() > 1 && !findings.isAllowed(Finding.NO_CONFLICT)) {
            findings.error(
                    Finding.NEW_ROW,
                    trial.upsert.position(trial.upsert.at()),
                    "a message that comes again makes one more row; "
                            + (trial.upsert.isUpsert()
                                    ? "write into the key what stays the same for a record"
                                    : "add on conflict … do update"));
        }
    }
}
