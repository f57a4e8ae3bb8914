package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Range;
import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tries whether each record has a row, one of its own, and keeps it. */
final class RowTrial {
    /** So many that some share the first letter of their IDs. */
    private static final int STRANGERS = 24;

    /** A duplicate, and a row that one statement means twice. */
    private static final Set<String> TWICE = Set.of("23505", "21000");

    private final Trial trial;
    private final SqlStatement upsert;
    private final Findings findings;

    RowTrial(Trial trial, Findings findings) {
        this.trial = trial;
        this.findings = findings;
        upsert = trial.upsert();
    }

    /** Reports that the first message of a record leaves no row, if it is not one that the template leaves out. */
    void missing() {
        boolean choosesRecords =
                !trial.readsItself() && !upsert.paths(behindVerb()).isEmpty() && !upsert.isPlain();
        if (upsert.verb() == Verb.INSERT && !choosesRecords) {
            findings.error(
                    Finding.NO_ROW,
                    Trial.place(upsert),
                    Trial.TRIED + "the first message of a record leaves no row"
                            + (trial.readsItself() ? ", since it is made from one that must be there already" : "")
                            + "; write insert into … values … on conflict … do update");
        }
    }

    /** What an insert of a select has behind its list, in which records can be chosen. */
    private Range behindVerb() {
        int from = upsert.at();
        while (from < upsert.tokens().size()
                && !upsert.tokens().get(from).is("from")
                && !upsert.tokens().get(from).is("where")) {
            from++;
        }
        int to = upsert.conflict() == null
                ? upsert.tokens().size()
                : upsert.conflict().at();
        return new Range(Math.min(from, to), to);
    }

    /** Warns that nobody inserts the rows of records that have none. */
    void onlyUpdated() {
        boolean isMerge = upsert.verb() == Verb.MERGE;
        findings.warning(
                Finding.NO_ROW,
                upsert.position(upsert.at()),
                (isMerge ? "a merge without when not matched" : "an update")
                        + " changes rows that are there, and no other template inserts into "
                        + trial.table().name() + ", so a record without a row gets none; "
                        + (isMerge
                                ? "add when not matched then insert … values …"
                                : "write insert into … values … on conflict … do update"));
    }

    /** Reports a row that two records share, if it has something of them. */
    void shared(Message other) throws SQLException {
        List<Map<String, String>> both = trial.rows(trial.first(), other);
        boolean isKnown = findings.isFound(Finding.ONE_ROW) || findings.isAllowed(Finding.ONE_ROW);
        if (isKnown || both == null || both.size() != 1 || !hasItsOwn()) {
            return;
        }
        List<Map<String, String>> rows = trial.rows(IntStream.range(0, STRANGERS)
                .mapToObj(trial.records()::stranger)
                .toArray(Message[]::new));
        if (rows == null || rows.isEmpty() || rows.size() == STRANGERS) {
            return; // a key that is cut out of IDs of another form
        }
        String text = Trial.TRIED + "records of different IDs share one row, because " + key()
                + " does not tell them apart; write " + (trial.paths().isConsume() ? ":#id" : ":#record.id")
                + " into a column of the key";
        if (rows.size() > 1) {
            findings.error(Finding.ONE_ROW, place(), text);
        } else {
            findings.warning(Finding.ONE_ROW, place(), text);
        }
    }

    /** Warns of a key that has only the beginning of IDs, which many may have in common; a column that is too narrow refuses them. */
    void cut() throws SQLException {
        List<Map<String, String>> rows = trial.rows(
                IntStream.range(0, STRANGERS).mapToObj(trial.records()::alike).toArray(Message[]::new));
        boolean isKnown = findings.isFound(Finding.ONE_ROW) || findings.isAllowed(Finding.ONE_ROW);
        if (isKnown
                || rows == null
                || rows.size() != 1
                || !hasItsOwn()
                || upsert.conflict().columns() == null) {
            return;
        }
        boolean isCut = upsert.conflict().columns().stream()
                .map(upsert::name)
                .anyMatch(name -> "text".equals(trial.table().column(name).type())
                        && rows.get(0).get(name) != null
                        && rows.get(0).get(name).matches("r.*")
                        && MadeUpText.COMMON.startsWith(rows.get(0).get(name).replaceFirst("0.*", "")));
        if (isCut) {
            findings.warning(
                    Finding.ONE_ROW,
                    place(),
                    Trial.TRIED + "records whose IDs begin alike share one row, because " + key()
                            + " has only a part of them; write "
                            + (trial.paths().isConsume() ? ":#id" : ":#record.id") + " into a column of the key");
        }
    }

    private boolean hasItsOwn() throws SQLException {
        Map<String, String> other = trial.row(trial.records().written(2, 10, 30));
        boolean isSet = upsert.conflict() == null || upsert.isUpsert();
        return isSet && other != null && !trial.isSame(other, trial.firstRow());
    }

    private String key() {
        return upsert.conflict() == null || upsert.conflict().columns() == null
                ? "its key"
                : "what is inserted into "
                        + upsert.conflict().columns().stream()
                                .map(upsert::name)
                                .map(SqlNames::quoted)
                                .collect(Collectors.joining(", "));
    }

    private int place() {
        if (upsert.conflict() == null) {
            return upsert.position(upsert.at());
        }
        List<Integer> columns = upsert.conflict().columns();
        Range value = columns == null || columns.isEmpty() ? null : upsert.valueOf(upsert.name(columns.get(0)));
        return upsert.position(value == null ? upsert.conflict().target() : value.from());
    }

    /** Reports what becomes of a row when its message comes once more. */
    void kept() throws SQLException {
        CopiedTable.Outcome twice = trial.outcome(trial.first(), trial.first());
        if (TWICE.contains(String.valueOf(twice.state()))) {
            findings.error(
                    Finding.NO_CONFLICT,
                    upsert.position(upsert.at()),
                    Trial.TRIED + "a message that comes again is refused (SQLSTATE " + twice.state()
                            + "); add on conflict … do update");
        } else if (twice.rows() != null && twice.rows().isEmpty()) {
            findings.error(
                    Finding.NO_ROW,
                    upsert.position(upsert.at()),
                    Trial.TRIED
                            + "a message that comes again removes the row of its record; write insert into … values …"
                            + " on conflict … do update alone");
        } else if (twice.rows() != null && twice.rows().size() > 1 && !findings.isAllowed(Finding.NO_CONFLICT)) {
            findings.error(
                    Finding.NEW_ROW,
                    upsert.position(upsert.at()),
                    Trial.TRIED + "a message that comes again makes one more row; "
                            + (upsert.isUpsert()
                                    ? "write into the key what stays the same for a record"
                                    : "add on conflict … do update"));
        }
    }
}
