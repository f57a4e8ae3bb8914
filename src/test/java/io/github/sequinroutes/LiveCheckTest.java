package io.github.sequinroutes;

import static io.github.sequinroutes.ThingFiles.ROUTE;
import static io.github.sequinroutes.ThingFiles.TEMPLATE;
import static io.github.sequinroutes.ThingFiles.assertRunsOn;
import static io.github.sequinroutes.ThingFiles.file;
import static io.github.sequinroutes.ThingFiles.health;
import static io.github.sequinroutes.ThingFiles.replace;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 72: what check calls an error is refused when it is saved, as it pauses its collection at start. */
class LiveCheckTest {
    private static TestBundle bundle(String check) throws Exception {
        return Things.guardedByTheTemplate(new TestBundle(Duration.ofSeconds(60)).set("sequin.check", check));
    }

    /** PostgreSQL would take each of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            :#updated_idx  | :#updatedIdx   | did you mean :#updated_idx?
            where t.v <= excluded.v | ``    | no guard, so an old
            <=             | >=             | the guard is reversed
            :#data.value   | ':#data.value' | allow quoted-path
            """)
    void anErrorIsRefusedAndTheOldRouteRunsOn(String right, String wrong, String problem) throws Exception {
        try (TestBundle bundle = bundle("pause");
                LogWatch log = new LogWatch(bundle.routes())) {
            bundle.start().awaitHealthy();
            replace(bundle, TEMPLATE, right, wrong);
            await().until(() -> health(bundle).contains(problem));
            assertTrue(health(bundle).contains(TEMPLATE + ":"), health(bundle));
            assertEquals(HealthCheck.State.UP, bundle.health().getState());
            List<String> lines = log.lines("Collection test:thing runs on as it was before");
            assertEquals(1, lines.size(), log.lines("").toString());
            assertTrue(lines.get(0).startsWith("ERROR ") && lines.get(0).contains(problem), lines.toString());
            bundle.offer(Things.thing(1, 2)).awaitDrained();
            bundle.offer(Things.thing(1, 1)).awaitDrained();
            assertEquals(List.of("2|2"), bundle.database().rows("select v, value from things"));
        }
    }

    @Test
    void whatIsMeantIsLoaded() throws Exception {
        try (TestBundle bundle = bundle("pause")) {
            bundle.start().awaitHealthy();
            replace(bundle, TEMPLATE, "<=", ">=");
            await().until(() -> health(bundle).contains("the guard is reversed"));
            replace(bundle, TEMPLATE, ">=", "/* sequin: allow guard */ >=");
            await().until(() -> !health(bundle).contains("the guard is reversed"));
            bundle.offer(Things.thing(1, 2)).awaitDrained();
            bundle.offer(Things.thing(1, 1)).awaitDrained();
            assertEquals("1", bundle.database().value("select v from things"));
        }
    }

    @Test
    void anErrorIsOnlyLoggedIfThatIsWanted() throws Exception {
        try (TestBundle bundle = bundle("log");
                LogWatch log = new LogWatch(bundle.routes())) {
            bundle.start().awaitHealthy();
            replace(bundle, TEMPLATE, "<=", ">=");
            await().until(() -> log.lines("the guard is reversed").size() == 1);
            assertFalse(log.lines("the guard is reversed").get(0).contains("Warning:"), "its level says that");
            await().until(() -> log.lines("test:thing is loaded from").size() == 2);
            bundle.offer(Things.thing(1, 2)).awaitDrained();
            bundle.offer(Things.thing(1, 1)).awaitDrained();
            assertEquals("1", bundle.database().value("select v from things"));
        }
    }

    /** The same words as those of the command check. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            pause | value) values | valeu) values | column "valeu" of relation "things" does not exist (SQLSTATE 42703); did you mean value?
            log   | value) values | valeu) values | column "valeu" of relation "things" does not exist (SQLSTATE 42703); did you mean value?
            log   | , :#data.value | ``           | there are 4 columns and 3 values
            pause | :#data.value  | :value        | :value is no path; write :#data.value
            """)
    void theMessagesAreThoseOfCheck(String check, String right, String wrong, String problem) throws Exception {
        try (TestBundle bundle = bundle(check)) {
            bundle.start().awaitHealthy();
            replace(bundle, TEMPLATE, right, wrong);
            await().until(() -> health(bundle).contains("runs as before"));
            assertTrue(health(bundle).contains(problem), health(bundle));
            bundle.offer(Things.thing(1, 1));
            assertRunsOnUnchanged(bundle);
        }
    }

    private static void assertRunsOnUnchanged(TestBundle bundle) throws Exception {
        assertRunsOn(bundle, "1");
        assertEquals("1", bundle.database().value("select value from things"));
    }

    @Test
    void aNewFileWithAnErrorIsPaused() throws Exception {
        try (TestBundle bundle = bundle("pause")) {
            bundle.start().awaitHealthy();
            Files.writeString(
                    file(bundle, "other.upsert.sql"),
                    Files.readString(file(bundle, TEMPLATE)).replace("<=", ">="));
            Files.writeString(
                    file(bundle, "other.camel.yaml"),
                    Files.readString(file(bundle, ROUTE))
                            .replace("routeId: test-thing", "routeId: other")
                            .replace(TEMPLATE, "other.upsert.sql")
                            .replace("test:thing", "test:other"));
            bundle.awaitUnhealthy("test:other=paused: ").awaitUnhealthy("the guard is reversed");
            bundle.offer(TestRecord.of("test:other", "1", 1, "{}"), Things.thing(1, 1));
            await().until(() -> bundle.database().value(Things.COUNT).equals("1"));
            replace(bundle, "other.upsert.sql", ">=", "<=");
            assertRunsOn(bundle, "2");
        }
    }

    @Test
    void whatIsPausedAtStartStaysPausedWhenItIsSavedWithTheSameError() throws Exception {
        try (TestBundle bundle = bundle("pause");
                LogWatch log = new LogWatch(bundle.routes())) {
            replace(bundle, TEMPLATE, "<=", ">=");
            bundle.offer(Things.thing(1, 1)).start().awaitUnhealthy("the guard is reversed");
            replace(bundle, TEMPLATE, ":#data.value", "'new ' || :#data.value");
            await().until(() ->
                    !log.lines("until its files or its table are fixed").isEmpty());
            bundle.offer(Things.thing(2, 1));
            await().until(() -> bundle.consumer().ackPending() == 2);
            bundle.awaitUnhealthy("the guard is reversed");
            assertEquals("0", bundle.database().value(Things.COUNT));
            replace(bundle, TEMPLATE, ">=", "<=");
            assertRunsOn(bundle, "2");
        }
    }

    /** It cannot be planned as it is saved, and what is wrong with it would lose updates once it can be written. */
    @Test
    void whatCouldNotBeCheckedAsItWasSavedIsCheckedBeforeItWrites() throws Exception {
        try (TestBundle bundle = bundle("pause");
                LogWatch log = new LogWatch(bundle.routes());
                Connection blocker = bundle.database().connect();
                Statement statement = blocker.createStatement()) {
            bundle.start().awaitHealthy();
            blocker.setAutoCommit(false);
            statement.execute("lock table things");
            replace(bundle, TEMPLATE, "<=", ">=");
            await().until(() -> log.lines("test:thing is loaded from").size() == 2);
            blocker.rollback();
            bundle.offer(Things.thing(1, 1)).awaitUnhealthy("the guard is reversed");
            assertEquals("0", bundle.database().value(Things.COUNT));
            replace(bundle, TEMPLATE, ">=", "<=");
            assertRunsOn(bundle, "1");
        }
    }
}
