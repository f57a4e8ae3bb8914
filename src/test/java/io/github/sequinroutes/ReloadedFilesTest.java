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
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** docs/promises.md 62: files that change while the bundle runs lose no message. */
@Tag("long")
@Order(1) // takes long
class ReloadedFilesTest {
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
