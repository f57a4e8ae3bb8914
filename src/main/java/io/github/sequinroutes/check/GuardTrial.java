package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Verb;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tries whether older versions of a record overwrite newer ones, and whether newer ones are kept out. */
record GuardTrial(Trial trial, Findings findings) {
    /** More than an integer holds. */
    private static final long INTEGERS = 1L << 32;
    /** From here on not every number is one as floating point. */
    private static final long DOUBLES = 1L << 53;

    private static final long MILLION = 1_000_000;

    /** Reports what is wrong. */
    void run() throws SQLException {
        Message first = trial.first;
        Message second = trial.records.written(1, 20, 20);
        Message between = trial.records.written(1, 15, 30);
        Set<String> behindNewer = overwritten(new Message[] {second}, first, between);
        behindNewer.addAll(overwritten(new Message[] {first, second}, first, between));
        // what does not differ need not be written, but its version must be
        Message same = trial.records.written(1, 20, 10);
        Set<String> behindSame = overwritten(new Message[] {first, same}, trial.records.written(1, 15, 5), between);
        boolean hasLedger = trial.collection.ledger() || trial.collection.delete() != null;
        boolean isOverwritten = !behindNewer.isEmpty() || !behindSame.isEmpty();
        if (isOverwritten && !hasLedger && !findings.isAllowed(Finding.NO_GUARD)) {
            String what = behindNewer.isEmpty()
                    ? "a newer version that changes nothing is left out, so that an older one then overwrites it in "
                    : "an older version overwrites a newer one in ";
            behindNewer.addAll(behindSame);
            report(what + SqlNames.list(behindNewer));
        } else if (!hasLedger && "23505".equals(trial.outcome(second, first).state())) {
            report(
                    "an older version finds no row that it may change, and is refused when it is inserted (SQLSTATE 23505)"
                            + (trial.upsert.verb() == Verb.MERGE ? "; leave the version out of on" : ""));
        } else if (trial.upsert.where() != null && isKeptOut(trial, second, trial.first)) {
            keptOut(!behindNewer.isEmpty());
        } else if (!isKeptOut(trial, second, trial.first)
                && isKeptOut(trial, trial.records.written(1, 30, 30), trial.first, second)) {
            versionIsOther();
        } else if ((trial.upsert.where() != null || trial.upsert.verb() == Verb.MERGE) && largeOnes(hasLedger)) {
            return;
        } else if (trial.upsert.where() != null && isKeptOut(trial, trial.records.withoutData(1, 20), trial.first)) {
            keptOutByNull();
        } else if (trial.readsItself()) {
            keptOutByOthers(second);
        }
        if (!findings.isFound(Finding.GUARD, Finding.NO_GUARD)) {
            new StateTrial(trial, findings).run();
        }
    }

    private void versionIsOther() {
        String name = trial.versions.stream().sorted().findFirst().orElseThrow();
        SqlStatement.Assignment assignment = trial.upsert.assignmentTo(name);
        findings.error(
                Finding.VERSION,
                assignment == null ? Trial.place(trial.upsert) : trial.upsert.position(assignment.column()),
                "an update gives the row another version than an insert of the same message, which keeps newer"
                        + " ones out; "
                        + (trial.upsert.setsInserted(name)
                                ? "insert the version of the message, as it is"
                                : "write %1$s = excluded.%1$s".formatted(SqlNames.quoted(name))));
    }

    /** Reports what happens to versions as large as they can be, and to ones of more digits than those before. */
    private boolean largeOnes(boolean hasLedger) throws SQLException {
        CopiedTable.Outcome beyondInteger =
                trial.outcome(trial.records.ofVersion(INTEGERS, 10), trial.records.ofVersion(INTEGERS + 1, 20));
        Message newer = trial.records.ofVersion(DOUBLES + 1, 20);
        Message older = trial.records.ofVersion(DOUBLES, 10);
        if ("22003".equals(beyondInteger.state()) && trial.row(trial.records.ofVersion(INTEGERS, 10)) != null) {
            report("an update whose version has more than 32 bits is refused (SQLSTATE 22003)");
        } else if (isKeptOut(
                trial, trial.records.ofVersion(MILLION + 1, 20), trial.records.ofVersion(MILLION - 1, 10))) {
            report("version " + (MILLION + 1) + " is kept out by version " + (MILLION - 1));
        } else if (!hasLedger
                && !overwritten(new Message[] {newer}, older, trial.records.ofVersion(DOUBLES, 30))
                        .isEmpty()
                && !findings.isAllowed(Finding.NO_GUARD)) {
            report("version " + DOUBLES + " overwrites version " + (DOUBLES + 1)
                    + ", which are equal as floating point");
        } else {
            return false;
        }
        return true;
    }

    private void keptOutByOthers(Message second) throws SQLException {
        Map<String, String> row = trial.row(trial.first, second);
        List<Map<String, String>> rows = trial.rows(trial.first, trial.records.written(2, 40, 40), second);
        if (row != null && rows != null && rows.size() == 2 && !rows.contains(row)) {
            report("a newer version of another record keeps those of this one out");
        }
    }

    /**
     * The columns of a row that have what each of two older messages says, and not what they had; none if that cannot be told.
     * One alone may rightly give its value, such as the lowest.
     */
    private Set<String> overwritten(Message[] newer, Message... older) throws SQLException {
        Map<String, String> before = trial.row(newer);
        Set<String> columns = before == null ? new TreeSet<>() : new TreeSet<>(before.keySet());
        for (Message old : older) {
            Map<String, String> after = columns.isEmpty()
                    ? null
                    : trial.row(Stream.concat(Stream.of(newer), Stream.of(old)).toArray(Message[]::new));
            columns.removeIf(column -> after == null || Objects.equals(after.get(column), before.get(column)));
            Map<String, String> alone = columns.isEmpty() ? null : trial.row(old);
            columns.removeIf(column -> alone == null || !Objects.equals(after.get(column), alone.get(column)));
        }
        return columns;
    }

    /** Whether a version leaves the versions of a row as they were, which others have written. */
    static boolean isKeptOut(Trial trial, Message newest, Message... before) throws SQLException {
        Map<String, String> row = trial.row(before);
        Map<String, String> after =
                trial.row(Stream.concat(Stream.of(before), Stream.of(newest)).toArray(Message[]::new));
        boolean isSame = row != null
                && after != null
                && trial.versions.stream().allMatch(column -> Objects.equals(row.get(column), after.get(column)));
        Map<String, String> alone = isSame ? trial.row(newest) : null;
        return alone != null
                && trial.versions.stream().anyMatch(column -> !Objects.equals(alone.get(column), row.get(column)));
    }

    /** Reports a condition that keeps a newer version out, if it is not about values that are made up. */
    private void keptOut(boolean letsOlder) {
        Set<String> named = trial.named(trial.upsert);
        boolean isOfVersions =
                named.isEmpty() && trial.paths.version().containsAll(trial.upsert.paths(trial.upsert.where()));
        named.removeIf(name -> trial.firstRow.get(name) != null);
        if (letsOlder || isOfVersions) {
            report("newer versions are kept out");
        } else {
            keptOutBy(named);
        }
    }

    /** Reports a condition that keeps out a newer version whose data are null, though not one that has them. */
    private void keptOutByNull() throws SQLException {
        Map<String, String> row = trial.row(trial.records.withoutData(1, 20));
        Set<String> named = trial.named(trial.upsert);
        named.removeIf(name -> row.get(name) != null);
        keptOutBy(named);
    }

    private void keptOutBy(Set<String> named) {
        if (!named.isEmpty()) {
            findings.warning(
                    Finding.GUARD,
                    Trial.place(trial.upsert),
                    "the condition keeps newer versions out while " + String.join(" and ", named)
                            + " is null; write is distinct from, or coalesce, where null should let them in");
        }
    }

    private void report(String what) {
        findings.error(Finding.GUARD, Trial.place(trial.upsert), what + advice());
    }

    private String advice() {
        String right = trial.rightGuard;
        if (!trial.paths.isConsume() || right == null) {
            return "; compare the version"
                    + (trial.paths.isConsume()
                            ? " of the row and of the message"
                            : "s of the row and of the message as pairs")
                    + ", and nothing else";
        }
        if (trial.upsert.where() != null && isSame(trial.upsert.text(trial.upsert.where()), right)) {
            return "; the condition is right, and what it compares is not: insert the version of the message as it is, and set "
                    + trial.versions.stream()
                            .map(SqlNames::quoted)
                            .map(name -> name + " = excluded." + name)
                            .collect(Collectors.joining(", "));
        }
        if (trial.upsert.verb() == Verb.MERGE) {
            return "; write when matched and (" + right + ") then";
        }
        return trial.upsert.isUpsert() || trial.upsert.verb() == Verb.UPDATE
                ? "; write where " + right + ", and nothing else"
                : "; write insert into … values … on conflict … do update set … where …";
    }

    private static boolean isSame(String condition, String other) {
        return condition.replaceAll("[\\s()]", "").equalsIgnoreCase(other.replaceAll("[\\s()]", ""));
    }
}
