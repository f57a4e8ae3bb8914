package io.github.sequinroutes.failure;

import java.util.function.UnaryOperator;

/** Where to look and what to do when PostgreSQL refuses what the bundle itself needs, by SQLSTATE. */
final class DatabaseAdvice {
    private DatabaseAdvice() {}

    /** Where to look. */
    static String place(String sqlState, UnaryOperator<String> keys) {
        String url = keys.apply("postgres.url");
        return switch (sqlState) {
            case "42501" -> "the role of " + keys.apply("postgres.user");
            case "42P01", "3F000" -> "schema sequin";
            case "53300" -> keys.apply("sequin.workers");
            case "3D000", "25006" -> url;
            default ->
                switch (sqlState.substring(0, 2)) {
                    case "28" -> keys.apply("postgres.password");
                    case "40", "53", "54", "55", "57", "58", "XX" -> "the server at " + url;
                    default -> url;
                };
        };
    }

    /** What to do, or null if that is not known. */
    static String of(String sqlState, UnaryOperator<String> keys) {
        String url = keys.apply("postgres.url");
        return switch (sqlState) {
            case "28000" -> credentials(keys) + "; or have pg_hba.conf let this user in from here";
            case "42501" ->
                "grant it to the role of " + keys.apply("postgres.user")
                        + ": docs/operating.md says what it needs, and deploy/role.sql grants it";
            case "42P01", "3F000" -> "have a role that may create the tables of schema sequin run migrate";
            case "3D000" -> "create that database, or name another in " + url;
            case "25006" ->
                "it is a standby, or read-only: name the primary in " + url
                        + ", or each host and targetServerType=primary";
            case "53100" -> "free disk space there, or add some; messages wait at Sequin";
            case "53200" -> "give it more memory, or lower its work_mem, or " + keys.apply("sequin.batch-size");
            case "53300" ->
                "raise max_connections of PostgreSQL, or the limit of the role or database; have others use fewer"
                        + " connections; or lower " + keys.apply("sequin.workers") + " or "
                        + keys.apply("sequin.writers");
            case "57P01" ->
                "somebody has ended the connection, or stops PostgreSQL: see its log if it does not come back";
            case "57P02" -> "a process of PostgreSQL has crashed, and it restarts: see its log";
            case "57P03" -> "it is starting, stopping or recovering: wait, or see its log";
            case "57014" -> "see in pg_stat_activity what it waits for, or who has cancelled it";
            case "55P03" -> "see in pg_locks and pg_stat_activity who holds the lock";
            case "40001", "40P01" ->
                "see in the log of PostgreSQL who else writes these rows; fewer " + keys.apply("sequin.workers")
                        + " collide less";
            case "08003" -> "see whether PostgreSQL hangs, or what is in between cuts connections";
            case "08006", "08007" -> "see the log of PostgreSQL, and what is in between";
            case "08P01" -> "see whether PostgreSQL, and nothing else, listens at " + url;
            default -> ofClass(sqlState, keys);
        };
    }

    private static String ofClass(String sqlState, UnaryOperator<String> keys) {
        return switch (sqlState.substring(0, 2)) {
            case "08" ->
                "see whether PostgreSQL runs there and lets this machine in, and check " + keys.apply("postgres.url");
            case "28" -> credentials(keys);
            case "53", "57", "58", "XX" -> "see the log of PostgreSQL";
            default -> null;
        };
    }

    private static String credentials(UnaryOperator<String> keys) {
        String user = keys.apply("postgres.user");
        String password = keys.apply("postgres.password");
        if (user.equals(password)) { // a DataSource, which has both
            return "have " + user + " use another user or password";
        }
        return password.endsWith("-file")
                ? "set " + user + ", and write the right password into the file that " + password + " names"
                : "set " + user + " and " + password + ", or the file that " + password + "-file names";
    }
}
