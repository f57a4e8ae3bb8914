package io.github.sequinroutes.check;

import io.github.sequinroutes.check.SqlStatement.Assignment;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.template.TemplateToken;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tries whether what a message has written into a row keeps newer ones out for good, as {@code t.status <> 'closed'} does. Values
 * are those that the condition names; a column that no message writes is somebody else's, who may lock a row by it.
 */
record StateTrial(Trial trial, Findings findings) {
    /** Of a condition of many values some are enough. */
    private static final int MAX_TRIED = 8;

    /** Warns of the first such value. */
    void run() throws SQLException {
        for (String column : trial.upsert.where() == null ? List.<String>of() : trial.named(trial.upsert)) {
            Map<String, Object> literals =
                    trial.table.isFlag(column) ? Map.of("true", true, "false", false) : literals();
            for (List<String> path : paths(column)) {
                for (Map.Entry<String, Object> literal : literals.entrySet()) {
                    if (keepsOut(path, literal.getValue())) {
                        findings.warning(
                                Finding.GUARD,
                                Trial.place(trial.upsert),
                                "once %1$s is %2$s the condition keeps newer versions out, so the row stays as it is; leave %1$s out of it"
                                        .formatted(SqlNames.quoted(column), literal.getKey()));
                        return;
                    }
                }
            }
        }
    }

    /** The constants of the condition, as they stand in it, with their values. */
    private Map<String, Object> literals() {
        Map<String, Object> literals = new LinkedHashMap<>();
        for (TemplateToken token : trial.upsert
                .tokens()
                .subList(trial.upsert.where().from(), trial.upsert.where().to())) {
            String text = token.text();
            if (literals.size() < MAX_TRIED && text.matches("'[^'\\\\]*'")) {
                literals.put(text, text.substring(1, text.length() - 1));
            } else if (literals.size() < MAX_TRIED && text.matches("[0-9]{1,9}")) {
                literals.put(text, Integer.valueOf(text));
            }
        }
        return literals;
    }

    /** The paths of what the template writes into a column, but for those that every record has anyway. */
    private List<List<String>> paths(String column) {
        List<List<String>> paths = new ArrayList<>(trial.upsert.pathsOf(column));
        Assignment assignment = trial.upsert.assignmentTo(column);
        if (assignment != null) {
            paths.addAll(trial.upsert.paths(assignment.value()));
        }
        return paths.stream()
                .filter(path -> !trial.keys.contains(path)
                        && !trial.paths.isDeleted(path)
                        && !trial.paths.version().contains(path))
                .distinct()
                .toList();
    }

    /** Whether a row with this value takes no newer version, neither one with another value nor one with the same. */
    private boolean keepsOut(List<String> path, Object value) throws SQLException {
        MadeUpRecords records = trial.records;
        Message before = records.having(path, value, 1, 10, false);
        return trial.row(before) != null
                && GuardTrial.isKeptOut(trial, records.written(1, 20, 20), before)
                && GuardTrial.isKeptOut(trial, records.having(path, value, 1, 20, false), before);
    }
}
