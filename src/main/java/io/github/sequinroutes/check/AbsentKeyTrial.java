package io.github.sequinroutes.check;

import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * Tries what a deletion does that lacks what its template looks for, where other rows lack it too: {@code is not distinct from}
 * takes null for null.
 */
record AbsentKeyTrial(Trial trial, Findings findings) {
    /** Warns of a delete template that then means all of them. */
    void run() throws SQLException {
        SqlStatement delete = trial.delete;
        List<List<String>> keys = delete.where() == null
                ? List.of()
                : delete.paths(delete.where()).stream()
                        .filter(path -> trial.paths.isKey(path) && !path.equals(List.of("id")))
                        .distinct()
                        .toList();
        for (List<String> path : keys) {
            MadeUpRecords records = trial.records;
            Message own = records.having(path, null, 1, 10, false);
            Message other = records.having(path, null, 2, 10, false);
            Map<String, String> bystander = trial.row(other);
            List<Map<String, String>> both = trial.rows(own, other);
            List<Map<String, String>> left = trial.rows(own, other, records.having(path, null, 1, 30, true));
            if (both != null
                    && both.size() == 2
                    && both.contains(bystander)
                    && left != null
                    && !left.contains(bystander)) {
                report(path, left.isEmpty() ? "removes" : "changes");
                return;
            }
        }
    }

    private void report(List<String> path, String verb) {
        findings.warning(
                Finding.EVERY_ROW,
                Trial.place(trial.delete),
                "a deletion without %s %s the rows of all records without it; compare it with =, or look for %s"
                        .formatted(Paths.text(path), verb, trial.paths.isConsume() ? ":#id" : ":#record.id"));
    }
}
