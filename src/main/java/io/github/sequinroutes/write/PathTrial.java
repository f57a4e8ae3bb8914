package io.github.sequinroutes.write;

import io.github.sequinroutes.failure.Failures;
import io.github.sequinroutes.message.Message;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the value for which a record is rejected where PostgreSQL does not say which it is, such as one that is too long: the
 * only one without which the record is accepted, or fails for another reason. Costs a statement for each path.
 */
final class PathTrial {
    private final Table.Trial trial;
    private final Undone undone;

    /** Does something of which nothing is left. */
    interface Undone {
        /** Returns why it cannot be done, or null. */
        SQLException run(Step step) throws SQLException;
    }

    /** What is done. */
    interface Step {
        void run() throws SQLException;
    }

    PathTrial(Table.Trial trial, Undone undone) {
        this.trial = trial;
        this.undone = undone;
    }

    /** Where the value stands in the template, or null if no single one is at fault. */
    String placeOf(Message record, SQLException failure, long timeoutMillis) throws SQLException {
        List<List<String>> mended = new ArrayList<>();
        List<List<String>> changed = new ArrayList<>();
        for (List<String> path : trial.paths(record)) {
            SQLException without = undone.run(() -> trial.writeWithout(record, path, timeoutMillis));
            if (without == null) {
                mended.add(path);
            } else if (!isSame(without, failure)) {
                changed.add(path);
            }
        }
        List<List<String>> atFault = mended.isEmpty() ? changed : mended;
        return atFault.size() == 1 ? trial.placeOf(record, atFault.get(0)) : null;
    }

    private static boolean isSame(SQLException one, SQLException other) {
        return String.valueOf(one.getSQLState()).equals(other.getSQLState())
                && Failures.headline(one).equals(Failures.headline(other));
    }
}
