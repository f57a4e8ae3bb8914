package io.github.sequinroutes.template;

import io.github.sequinroutes.failure.Failures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the value for which a record is rejected where PostgreSQL does not say which it is, such as one that is too long: the
 * only one without which the record is accepted, or fails for another reason. Costs a statement for each path.
 */
public final class PathTrial {
    private PathTrial() {}

    /** Writes a record and leaves nothing of it. */
    public interface Undone {
        /** Returns why the record cannot be written without the value at a path, or null if it can. */
        SQLException without(List<String> path) throws SQLException;
    }

    /**
     * The path of the value, or null if no single one is at fault.
     *
     * @param paths   those that may be
     * @param failure why the whole record is rejected
     */
    public static List<String> atFault(List<List<String>> paths, SQLException failure, Undone attempt)
            throws SQLException {
        List<List<String>> mended = new ArrayList<>();
        List<List<String>> changed = new ArrayList<>();
        for (List<String> path : paths) {
            SQLException without = attempt.without(path);
            if (without == null) {
                mended.add(path);
            } else if (!isSame(without, failure)) {
                changed.add(path);
            }
        }
        List<List<String>> atFault = mended.isEmpty() ? changed : mended;
        return atFault.size() == 1 ? atFault.get(0) : null;
    }

    private static boolean isSame(SQLException one, SQLException other) {
        return String.valueOf(one.getSQLState()).equals(other.getSQLState())
                && Failures.headline(one).equals(Failures.headline(other));
    }
}
