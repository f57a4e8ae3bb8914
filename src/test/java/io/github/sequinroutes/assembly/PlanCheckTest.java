package io.github.sequinroutes.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.TestDatabase;
import io.github.sequinroutes.collection.SinkTemplates;
import io.github.sequinroutes.failure.Problem;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.template.Template;
import io.github.sequinroutes.testkit.Ports;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** docs/promises.md 72: what a changed file would write is planned first. */
@Tag("postgres")
class PlanCheckTest {
    private static final String UPSERT = "insert into things values (:#id, :#data.v) on conflict (id) do nothing";

    private static final String NEVER_UPDATED = "on conflict do nothing: updates of a record are never written;"
            + " write do update set …; if it is meant, add -- sequin: allow do-nothing";
    private static final String ASTRAY =
            " leads nowhere: a message has action, changes, metadata, record; did you mean %s?;"
                    + " if it is meant, add -- sequin: allow unknown-path";
    private static final long PATIENT = 60_000;

    private static PlanCheck check(String url, String api, boolean isDeep, long timeoutMillis) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return new PlanCheck(dataSource, SequinApi.of(api).format(), isDeep, timeoutMillis);
    }

    private static SinkTemplates sink(String upsert, String delete) {
        return new SinkTemplates(
                "test:thing",
                new Template("a.sql", upsert),
                delete == null ? null : new Template("b.sql", delete),
                false,
                false);
    }

    private static List<String> errors(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> !problem.isWarning())
                .map(Problem::toString)
                .toList();
    }

    @Test
    void everyTemplateThatTheServerRefusesIsNamedWithItsPlace() throws Exception {
        TestDatabase database = new TestDatabase();
        try {
            database.execute("create table things (id text primary key, v bigint)");
            PlanCheck check = check(database.url(), "consume", false, PATIENT);
            assertEquals(
                    List.of(), errors(check.problems(List.of(sink(UPSERT, "delete from things where id = :#id")))));
            List<Problem> problems = check.problems(List.of(
                    sink("insert into things\nvalues (:#id, 'x', :#data.x)", "delete from thing where id = :#id"),
                    sink(UPSERT.replace("(id)", "(v)"), null)));
            assertEquals(
                    List.of(
                            "a.sql:1:57: no unique index of public.things fits on conflict (v) (SQLSTATE 42P10); create one:"
                                    + " create unique index on public.things (v); or use what is unique: (id)",
                            "a.sql:1:63: " + NEVER_UPDATED,
                            "a.sql:2:20: INSERT has more expressions than target columns (SQLSTATE 42601)",
                            "b.sql:1:13: relation \"thing\" does not exist (SQLSTATE 42P01); did you mean things?"),
                    errors(problems));
            problems = check(database.url(), "stream", false, PATIENT).problems(List.of(sink(UPSERT, null)));
            assertEquals(
                    List.of(
                            "a.sql:1:28: :#id" + ASTRAY.formatted(":#record.id"),
                            "a.sql:1:34: :#data.v" + ASTRAY.formatted(":#record.v"),
                            "a.sql:1:64: " + NEVER_UPDATED),
                    errors(problems));
            // PostgreSQL accepts it, and no record would ever be updated
            problems = check(database.url(), "consume", true, PATIENT).problems(List.of(sink(UPSERT, null)));
            assertEquals(List.of("a.sql:1:64: " + NEVER_UPDATED), errors(problems));
        } finally {
            database.drop();
        }
    }

    /** Then the change is used as it is: nobody knows for how long. */
    @Test
    void aDatabaseThatCannotSayFindsNothing() throws Exception {
        String away = "jdbc:postgresql://localhost:" + Ports.free() + "/x";
        assertEquals(List.of(), check(away, "consume", false, PATIENT).problems(List.of(sink(UPSERT, null))));
        TestDatabase database = new TestDatabase();
        try (Connection blocker = database.connect();
                Statement statement = blocker.createStatement()) {
            database.execute("create table things (id text primary key, v bigint)");
            blocker.setAutoCommit(false);
            statement.execute("lock table things");
            assertEquals(List.of(), check(database.url(), "consume", false, 200).problems(List.of(sink(UPSERT, null))));
            blocker.rollback();
        } finally {
            database.drop();
        }
    }
}
