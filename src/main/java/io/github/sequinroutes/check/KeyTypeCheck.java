package io.github.sequinroutes.check;

import io.github.sequinroutes.check.TargetTable.Column;

/** Checks that PostgreSQL takes the values of a key for the same ones as the bundle does, for which each text is a key. */
record KeyTypeCheck(SqlStatement statement, TargetTable table, boolean hasLedger, Findings findings) {
    /** Reports each column of the key that is of a type with several texts for one value: an error if the ledger decides. */
    void run() {
        for (ConflictKey key : ConflictKey.of(statement, table)) {
            for (String name : key.columns()) {
                Column column = table.column(name);
                if (statement.conflict().action() != key.place() && column != null && takesSeveralTexts(column)) {
                    report(place(key, name), column);
                }
            }
        }
    }

    private int place(ConflictKey key, String column) {
        for (int at = key.place(); at < statement.conflict().action(); at++) {
            if (column.equals(statement.name(at))) {
                return statement.position(at);
            }
        }
        return statement.position(key.place());
    }

    private static boolean takesSeveralTexts(Column column) {
        return column.isLoose()
                || (column.baseType() != null
                        && (column.baseType().equals("interval")
                                || column.baseType().startsWith("_")));
    }

    private void report(int place, Column column) {
        String type = column.isLoose() ? column.type() + " with a collation that is not deterministic" : column.type();
        String what =
                "%s is %s: PostgreSQL takes several texts for one value of that type, and the bundle takes them for several rows"
                        .formatted(column.name(), type);
        String remedy = hasLedger
                ? ", so the ledger lets an old version overwrite a newer row; give the key another type%s, or guard the rows by columns commit_lsn and commit_idx, without a delete template"
                        .formatted(column.isLoose() ? " or collation" : "")
                : "; a change of the key can lose its row";
        findings.report(hasLedger, Finding.KEY_TYPE, place, what + remedy);
    }
}
