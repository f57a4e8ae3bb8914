package io.github.sequinroutes.cli;

import io.github.sequinroutes.failure.Failures;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/** The key that most likely names what keeps a database from being used, and what to do about it. */
enum DatabaseKey {
    URL("postgres.url", null),
    DATABASE("postgres.url", "create the database, or correct its name"),
    USER("postgres.user", "create the role, let it log in, or name another"),
    PASSWORD("postgres.password", "correct it, or postgres.user, or the file that postgres.password-file names");

    private final String key;
    private final String advice;

    DatabaseKey(String key, String advice) {
        this.key = key;
        this.advice = advice;
    }

    /**
     * The failure, behind the key that it is about and where that is given.
     *
     * @param placed the place of a key, and the key
     */
    static SQLException about(SQLException failure, UnaryOperator<String> placed) {
        DatabaseKey of = of(failure);
        SQLException about = Failures.about(placed.apply(of.key), failure);
        return of.advice == null
                ? about
                : new SQLException(
                        "%s (SQLSTATE %s); %s".formatted(about.getMessage(), failure.getSQLState(), of.advice),
                        null,
                        failure.getCause());
    }

    private static DatabaseKey of(SQLException failure) {
        return switch (String.valueOf(failure.getSQLState())) {
            case "28P01" -> PASSWORD;
            // so a server also says that its pg_hba.conf lets nobody in from there
            case "28000" -> failure.getMessage().contains("pg_hba.conf") ? URL : USER;
            case "3D000" -> DATABASE;
            default -> URL;
        };
    }
}
