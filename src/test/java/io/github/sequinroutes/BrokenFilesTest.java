package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 62: broken files of a collection pause that collection, and no other. */
@Order(1) // takes long
class BrokenFilesTest {
    private static final String ROUTE = "test-thing.camel.yaml";
    private static final String TEMPLATE = "test-thing.upsert.sql";

    private static TestBundle bundle() throws Exception {
        return Things.guardedByTheTemplate(new TestBundle(Duration.ofSeconds(2)));
    }

    private static Path file(TestBundle bundle, String name) {
        return bundle.routes().resolve("collections").resolve(name);
    }

    private static void replace(TestBundle bundle, String name, String old, String replacement) throws IOException {
        String text = Files.readString(file(bundle, name));
        assertTrue(text.contains(old), text);
        Files.writeString(file(bundle, name), text.replace(old, replacement));
    }

    private static String health(TestBundle bundle) {
        return bundle.health().getDetails().toString();
    }

    /** The broken collection's message is left, the other's is written, and nothing is a dead letter. */
    private static void assertOnlyTheOthersRun(TestBundle bundle) throws Exception {
        bundle.offer(Things.thing(1, 1), TestRecord.of("stripe:subscription", "a", 1, "{}"));
        await().until(() -> bundle.database()
                .value("select count(*) from stripe.subscriptions")
                .equals("1"));
        long delivered = bundle.consumer().delivered();
        await().until(() -> bundle.consumer().delivered() > delivered);
        await().until(() -> bundle.consumer().left() == 1);
        assertEquals(HealthCheck.State.DOWN, bundle.health().getState());
        assertEquals(List.of(), bundle.deadLetters());
    }

    private static void assertRunsOn(TestBundle bundle, String rows) throws Exception {
        bundle.awaitDrained().awaitHealthy();
        assertEquals(List.of(), bundle.deadLetters());
        assertEquals(rows, bundle.database().value(Things.COUNT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            test-thing.camel.yaml | routeId:               | routeId             | test-thing.camel.yaml:4:
            test-thing.camel.yaml | parameters:            | paramaters:         | test-thing.camel.yaml:4:5: paramaters is nothing that a templatedRoute can have; did you mean parameters?
            test-thing.camel.yaml | value: "test           | valu: "test         | test-thing.camel.yaml:6:9: a parameter has a name and a value, not valu; did you mean value?
            test-thing.camel.yaml | routeId: test-thing    | guard: ledger       | test-thing.camel.yaml:3:5: guard is nothing that a templatedRoute can have; it is a parameter: write it under parameters as '- name: guard' and 'value: ...'
            test-thing.camel.yaml | - name: upsert         | - guard: ledger     | test-thing.camel.yaml:7:9: a parameter has a name and a value, not guard: write '- name: guard' and 'value: ...'
            test-thing.camel.yaml | Ref: collection        | Ref: colection      | test-thing.camel.yaml:2:23: there is no route template colection; did you mean collection?
            test-thing.camel.yaml | name: upsert           | name: upzert        | test-thing.camel.yaml:7:15: route template collection has no parameter upzert; did you mean upsert?
            test-thing.camel.yaml | test-thing.upsert.sql  | test-thing.upset.sql | test-thing.camel.yaml:8:16: there is no file
            test-thing.camel.yaml | test-thing.upsert.sql  | ../collections      | test-thing.camel.yaml:8:16: the file
            test-thing.camel.yaml | - templatedRoute       | - templateRoute     | test-thing.camel.yaml:1:3: templateRoute is nothing that a file of routes can have; did you mean
            test-thing.camel.yaml | - templatedRoute:      | - {                 | test-thing.camel.yaml:
            test-thing.camel.yaml | - templatedRoute       | templatedRoute      | test-thing.camel.yaml:
            test-thing.upsert.sql | (:#id                  | (':#id              | test-thing.upsert.sql:1:
            test-thing.upsert.sql | :#                     | :                   | test-thing.upsert.sql:1:1: a template needs at least one path
            """)
    void pauseTheirCollectionUntilTheyAreFixed(String name, String old, String replacement, String problem)
            throws Exception {
        try (TestBundle bundle = bundle()) {
            replace(bundle, name, old, replacement);
            bundle.start();
            assertTrue(health(bundle).contains(problem), health(bundle));
            assertOnlyTheOthersRun(bundle);
            Things.guardedAgain(bundle);
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void aFileThatLiesBesideTheFolderIsPausedUntilItIsMoved() throws Exception {
        try (TestBundle bundle = bundle()) {
            Path beside = bundle.routes().resolve(ROUTE);
            Files.move(file(bundle, ROUTE), beside);
            bundle.start()
                    .awaitUnhealthy("test:thing=paused: " + beside
                            + ":1:1: the file of a collection must be in the folder collections; move it there");
            assertOnlyTheOthersRun(bundle);
            Files.move(beside, file(bundle, ROUTE));
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void noTextAtAllOrNoUtf8() throws Exception {
        try (TestBundle bundle = bundle()) {
            Files.writeString(file(bundle, ROUTE), "# nothing\n");
            Files.writeString(file(bundle, "a.camel.yaml"), "");
            Files.write(file(bundle, "b.camel.yaml"), "- templatedRoute: ü".getBytes(StandardCharsets.ISO_8859_1));
            bundle.start();
            assertTrue(
                    health(bundle)
                            .contains(
                                    "test-thing.camel.yaml:1:1: the file is empty; every collection without a route is paused, too"),
                    health(bundle));
            assertTrue(health(bundle).contains("b.camel.yaml:1:1: is not UTF-8"), health(bundle));
            assertOnlyTheOthersRun(bundle);
            Files.delete(file(bundle, "a.camel.yaml"));
            Files.delete(file(bundle, "b.camel.yaml"));
            Things.guardedAgain(bundle);
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void aTemplateThatComesLater() throws Exception {
        try (TestBundle bundle = bundle()) {
            String template = Files.readString(file(bundle, TEMPLATE));
            Files.delete(file(bundle, TEMPLATE));
            bundle.start();
            assertOnlyTheOthersRun(bundle);
            Files.writeString(file(bundle, TEMPLATE), template);
            assertRunsOn(bundle, "1");
        }
    }

    /** Which of the two is right, only the user knows. */
    @ParameterizedTest
    @CsvSource({
        "a, routeId: test-thing, test:other",
        "z, routeId: test-thing, test:other",
        "a, routeId: other, test:thing",
        "z, routeId: other, test:thing"
    })
    void twoFilesInEachOthersWayArePausedBoth(String name, String routeId, String collection) throws Exception {
        try (TestBundle bundle = bundle()) {
            Path other = file(bundle, name + ".camel.yaml");
            Files.writeString(
                    other,
                    Files.readString(file(bundle, ROUTE))
                            .replace("routeId: test-thing", routeId)
                            .replace("test:thing", collection));
            bundle.start();
            for (String problem : List.of(
                    ROUTE + ":2:5: the route at " + other + ":2:5",
                    name + ".camel.yaml:2:5: the route at " + file(bundle, ROUTE) + ":2:5")) {
                assertTrue(health(bundle).contains(problem), health(bundle));
            }
            assertOnlyTheOthersRun(bundle);
            Files.delete(other);
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void aFileCannotTakeTheNameOfARouteOfTheBundle() throws Exception {
        try (TestBundle bundle = bundle()) {
            replace(bundle, ROUTE, "routeId: test-thing", "routeId: sequin-ack");
            bundle.start();
            assertTrue(health(bundle).contains("has the ID sequin-ack"), health(bundle));
            assertOnlyTheOthersRun(bundle);
            Things.guardedAgain(bundle);
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void aPausedCollectionResumesWhenItsTemplateIsFixed() throws Exception {
        try (TestBundle bundle = bundle()) {
            replace(bundle, TEMPLATE, "value)", "valu)");
            bundle.offer(Things.thing(1, 1)).start().awaitUnhealthy("42703");
            replace(bundle, TEMPLATE, "valu)", "value)");
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void whatChangesIsLoadedAndWhatBreaksGoesOnAsItWas() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.offer(Things.thing(1, 1)).start().awaitDrained();
            replace(bundle, TEMPLATE, ":#data.value", "'new ' || :#data.value");
            await().until(() -> {
                bundle.offer(Things.thing(1, 2)).awaitDrained();
                return bundle.database().value("select value from things").equals("new 2");
            });
            replace(bundle, ROUTE, "parameters:", "paramaters:");
            replace(bundle, TEMPLATE, "'new '", "'newer '");
            long delivered = bundle.consumer().delivered();
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                bundle.offer(Things.thing(1, 3)).awaitDrained();
                return bundle.consumer().delivered() > delivered + 20;
            });
            assertEquals("new 3", bundle.database().value("select value from things"));
            replace(bundle, ROUTE, "paramaters:", "parameters:");
            await().until(() -> {
                bundle.offer(Things.thing(1, 4)).awaitDrained();
                return bundle.database().value("select value from things").equals("newer 4");
            });
            assertEquals(List.of(), bundle.deadLetters());
        }
    }

    @Test
    void aFileInTheWayOfOneThatRunsIsNamedAndTheOneThatRunsIsNot() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.start().awaitHealthy();
            Files.copy(file(bundle, ROUTE), file(bundle, "again.camel.yaml"));
            bundle.awaitUnhealthy("again.camel.yaml=paused: ");
            assertFalse(health(bundle).contains("test:thing="), health(bundle));
            bundle.offer(Things.thing(1, 1)).awaitDrained();
            Files.delete(file(bundle, "again.camel.yaml"));
            assertRunsOn(bundle, "1");
        }
    }

    /** A file with a route for each of these collections of things. */
    private static void write(TestBundle bundle, String name, String... collections) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String id : collections) {
            text.append("""
                    - templatedRoute:
                        routeTemplateRef: collection
                        routeId: %1$s
                        parameters:
                          - {name: collection, value: "test:%1$s"}
                          - {name: upsert, value: %2$s}
                    """.formatted(id, TEMPLATE));
        }
        Files.writeString(file(bundle, name), text);
    }

    @Test
    void routesThatMoveToAnotherFileMissNothing() throws Exception {
        try (TestBundle bundle = bundle()) {
            write(bundle, "a.camel.yaml", "x");
            write(bundle, "b.camel.yaml", "y", "z");
            bundle.start().awaitHealthy();
            int offered = 0;
            for (String[][] files : new String[][][] {{{"x", "y"}, {"z"}}, {{"z"}, {"y", "x"}}, {{"x"}, {"y", "z"}}}) {
                write(bundle, "a.camel.yaml", files[0]);
                write(bundle, "b.camel.yaml", files[1]);
                long until = System.nanoTime() + 3_000_000_000L;
                while (System.nanoTime() < until) {
                    for (String id : List.of("x", "y", "z")) {
                        bundle.offer(TestRecord.of("test:" + id, "t" + offered++, 1, "{}"));
                    }
                    int rows = offered;
                    await().until(() -> bundle.consumer().delivered() >= rows);
                }
            }
            assertRunsOn(bundle, Integer.toString(offered));
        }
    }

    /** Two files are never saved at once; what is looked at in between is not what the user means. */
    @Test
    void aRouteMayLeaveOneFileBeforeItIsInTheOther() throws Exception {
        try (TestBundle bundle = bundle()) {
            write(bundle, "a.camel.yaml", "x");
            write(bundle, "b.camel.yaml", "y", "z");
            bundle.start().awaitHealthy();
            write(bundle, "b.camel.yaml", "z");
            await().until(() -> bundle.standalone().context().getRoute("y") == null);
            bundle.offer(TestRecord.of("test:y", "1", 1, "{}"));
            await().until(() -> bundle.consumer().delivered() == 1);
            write(bundle, "a.camel.yaml", "x", "y");
            assertRunsOn(bundle, "1");
        }
    }

    @Test
    void aRouteThatIsRemovedForGoodLeavesDeadLetters() throws Exception {
        try (TestBundle bundle = bundle()) {
            write(bundle, "a.camel.yaml", "x", "y");
            bundle.start().awaitHealthy();
            write(bundle, "a.camel.yaml", "x");
            await().until(() -> {
                bundle.offer(TestRecord.of("test:y", "1", 1, "{}"));
                return !bundle.deadLetters().isEmpty();
            });
            bundle.awaitDrained();
        }
    }

    @Test
    void aCollectionWhoseRouteIsRenamedAsItIsFixedIsHealthy() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.database().execute("alter table things rename to stuff");
            bundle.offer(Things.thing(1, 1)).start().awaitUnhealthy("SQLSTATE 42P01");
            replace(bundle, TEMPLATE, "into things", "into stuff");
            replace(bundle, ROUTE, "routeId: test-thing", "routeId: renamed");
            bundle.awaitDrained().awaitHealthy();
            assertEquals("1", bundle.database().value("select count(*) from stuff"));
        }
    }

    @Test
    void aRouteNeedsNoId() throws Exception {
        try (TestBundle bundle = bundle()) {
            replace(bundle, ROUTE, "    routeId: test-thing\n", "");
            bundle.offer(Things.thing(1, 1)).start();
            assertRunsOn(bundle, "1");
            replace(bundle, TEMPLATE, "insert", " insert");
            bundle.offer(Things.thing(2, 1));
            assertRunsOn(bundle, "2");
        }
    }

    @Test
    void aCollectionUnderLoadIsReplacedWithoutADeadLetter() throws Exception {
        try (TestBundle bundle = bundle()) {
            bundle.set("sequin.batch-size", "5").start();
            for (int i = 0; i < 6; i++) {
                int round = i;
                replace(bundle, TEMPLATE, i == 0 ? ":#data.value" : "'" + (i - 1) + "'", "'" + i + "'");
                await().until(() -> {
                    bundle.offer(Things.things(50));
                    return bundle.database()
                            .value("select count(*) > 0 from things where value = '" + round + "'")
                            .equals("t");
                });
            }
            assertRunsOn(bundle, "50");
        }
    }

    @Test
    void aNewFileIsLoadedAndOneWithDotsInItsNameToo() throws Exception {
        try (TestBundle bundle = bundle()) {
            Files.move(file(bundle, ROUTE), file(bundle, "test.thing.v2.camel.yaml"));
            bundle.offer(Things.thing(1, 1)).start().awaitDrained();
            bundle.database().execute("create table others (id text primary key)");
            bundle.collection("test:other", "insert into others values (:#id) on conflict do nothing");
            await().until(() -> {
                bundle.offer(TestRecord.of("test:other", "a", 1, "{}")).awaitDrained();
                return bundle.database().value("select count(*) from others").equals("1");
            });
            assertEquals("1", bundle.database().value(Things.COUNT));
        }
    }
}
