package io.github.sequinroutes;

import static io.github.sequinroutes.ThingFiles.ROUTE;
import static io.github.sequinroutes.ThingFiles.TEMPLATE;
import static io.github.sequinroutes.ThingFiles.assertRunsOn;
import static io.github.sequinroutes.ThingFiles.bundle;
import static io.github.sequinroutes.ThingFiles.file;
import static io.github.sequinroutes.ThingFiles.health;
import static io.github.sequinroutes.ThingFiles.replace;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 62: broken files of a collection pause that collection, and no other. */
@Order(1) // takes long
class BrokenFilesTest {
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

    @Tag("long")
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            test-thing.camel.yaml | routeId:               | routeId             | test-thing.camel.yaml:3:5: a ':' is missing
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
            test-thing.upsert.sql | :#                     | :                   | test-thing.upsert.sql:1:57: a template needs at least one path, such as :#id; :id is none
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
                                    "test-thing.camel.yaml:1:1: the file is empty; write a route, or remove the file; every collection without a route is paused, too"),
                    health(bundle));
            assertTrue(health(bundle).contains("b.camel.yaml:1:19: is not UTF-8"), health(bundle));
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
    @Tag("long")
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
}
