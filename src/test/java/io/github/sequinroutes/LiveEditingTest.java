package io.github.sequinroutes;

import static io.github.sequinroutes.ThingFiles.ROUTE;
import static io.github.sequinroutes.ThingFiles.TEMPLATE;
import static io.github.sequinroutes.ThingFiles.assertRunsOn;
import static io.github.sequinroutes.ThingFiles.file;
import static io.github.sequinroutes.ThingFiles.health;
import static io.github.sequinroutes.ThingFiles.replace;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.apache.camel.health.HealthCheck;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/promises.md 72: what is saved takes effect without a restart, and loses nothing. */
@Order(1) // takes long
class LiveEditingTest {
    private static final String VALUE = "select value from things where id = 'thing-1'";

    private static TestBundle bundle(int leaseSeconds) throws Exception {
        return Things.guardedByTheTemplate(new TestBundle(Duration.ofSeconds(leaseSeconds)));
    }

    private static boolean hasRoute(TestBundle bundle, String id) {
        return bundle.standalone().context().getRoute(id) != null;
    }

    /** Adds a collection of things with another ID. */
    private static void writeOther(TestBundle bundle) throws Exception {
        Files.writeString(
                file(bundle, "other.camel.yaml"),
                Files.readString(file(bundle, ROUTE))
                        .replace("routeId: test-thing", "routeId: other")
                        .replace("test:thing", "test:other"));
    }

    @Tag("long")
    @Test
    void savingAddingAndDeletingTakeEffectThoughNoMessageComesAndWorkersWait() throws Exception {
        try (TestBundle bundle = bundle(60);
                LogWatch log = new LogWatch(bundle.routes())) {
            bundle.set("sequin.wait-for", "30s").set("sequin.workers", "1");
            bundle.offer(Things.thing(1, 1)).start().awaitDrained().awaitHealthy();
            // shorter than the long poll, in which the worker is
            Duration patience = Duration.ofSeconds(20);

            writeOther(bundle);
            await().atMost(patience).until(() -> hasRoute(bundle, "other"));
            replace(bundle, TEMPLATE, "value) values", "valu) values");
            String problem = TEMPLATE + ":1:42: column \"valu\" of relation \"things\" does not exist (SQLSTATE 42703)";
            await().atMost(patience).until(() -> health(bundle).contains(problem));
            assertEquals(HealthCheck.State.UP, bundle.health().getState());
            // each of the two collections says it once, however often the folder is looked at
            await().atMost(patience).until(() -> log.lines(problem).size() == 2);
            assertTrue(
                    log.lines(problem).get(0).startsWith("ERROR Collection test:"),
                    log.lines("").toString());
            Files.delete(file(bundle, "other.camel.yaml"));
            await().atMost(patience).until(() -> !hasRoute(bundle, "other"));
            await().atMost(patience).until(() -> log.lines("is gone").size() == 1);

            bundle.offer(Things.thing(1, 2), TestRecord.of("test:other", "1", 1, "{}"))
                    .awaitDrained();
            assertEquals("2", bundle.database().value(VALUE));
            assertEquals(List.of("unknown-collection|~|1"), bundle.deadLetters());
            replace(bundle, TEMPLATE, "valu) values", "value) values");
            await().atMost(patience).until(() -> !health(bundle).contains(TEMPLATE));
            assertEquals(2, log.lines(problem).size(), log.lines("").toString());
        }
    }

    @Test
    void aBatchInFlightFinishesWithTheOldRouteAndTheNextIsOfTheNewOne() throws Exception {
        try (TestBundle bundle = bundle(60);
                Connection blocker = bundle.database().connect();
                Statement statement = blocker.createStatement()) {
            bundle.set("sequin.workers", "2").start().awaitHealthy();
            blocker.setAutoCommit(false);
            statement.execute("lock table things in exclusive mode");
            bundle.offer(Things.thing(1, 1));
            await().until(() -> bundle.consumer().ackPending() == 1 && isWaiting(bundle));
            replace(bundle, TEMPLATE, ":#data.value", "'new ' || :#data.value");
            await().until(() -> bundle.standalone().bundle().files().routes().mustWait("test:thing"));
            bundle.offer(Things.thing(2, 1));
            await().until(() -> bundle.consumer().pending() == 0);
            assertTrue(hasRoute(bundle, "test-thing"));
            blocker.rollback();
            // well before the lease of the second is over
            await().atMost(Duration.ofSeconds(30)).until(() -> bundle.consumer().left() == 0);
            assertEquals(
                    List.of("thing-1|1", "thing-2|new 1"),
                    bundle.database().rows("select id, value from things order by id"));
            assertRunsOn(bundle, "2");
        }
    }

    private static boolean isWaiting(TestBundle bundle) throws Exception {
        return bundle.database()
                .value("select count(*) from pg_locks where not granted and relation = 'things'::regclass")
                .equals("1");
    }

    @Test
    void anEditorThatDeletesAndWritesAnewMakesNoDeadLetter() throws Exception {
        try (TestBundle bundle = bundle(60)) {
            bundle.start().awaitHealthy();
            String route = Files.readString(file(bundle, ROUTE));
            String template = Files.readString(file(bundle, TEMPLATE));
            Files.delete(file(bundle, ROUTE));
            Files.delete(file(bundle, TEMPLATE));
            bundle.offer(Things.thing(1, 1));
            await().pollInterval(Duration.ofMillis(20)).until(() -> !hasRoute(bundle, "test-thing"));
            Files.writeString(file(bundle, ROUTE), route);
            bundle.offer(Things.thing(2, 1));
            Files.writeString(file(bundle, TEMPLATE), template);
            await().atMost(Duration.ofSeconds(30)).until(() -> bundle.consumer().left() == 0);
            assertRunsOn(bundle, "2");
        }
    }

    /** Not when the lease of its messages is over, nor when its back-off is. */
    @ParameterizedTest
    @CsvSource({"':#', ':'", "value) values, valu) values"})
    void aPausedCollectionGoesOnAtOnceWhenItsTemplateIsMended(String right, String wrong) throws Exception {
        try (TestBundle bundle = bundle(120)) {
            replace(bundle, TEMPLATE, right, wrong);
            bundle.offer(Things.things(20)).start().awaitUnhealthy("test:thing=paused: ");
            await().until(() -> bundle.consumer().ackPending() == 20);
            Things.guardedAgain(bundle);
            await().atMost(Duration.ofSeconds(40)).until(() -> bundle.consumer().left() == 0);
            assertRunsOn(bundle, "20");
        }
    }

    /** What a route had left unacked when its file was deleted must not wait for its lease, nor its trouble be reported. */
    @Test
    void aPausedCollectionWhoseFileIsDeletedIsForgotten() throws Exception {
        try (TestBundle bundle = bundle(120)) {
            replace(bundle, TEMPLATE, "value) values", "valu) values");
            bundle.offer(Things.things(3)).start().awaitUnhealthy("test:thing=paused: ");
            await().until(() -> bundle.consumer().ackPending() == 3);
            Files.delete(file(bundle, ROUTE));
            await().atMost(Duration.ofSeconds(40)).until(() -> bundle.consumer().left() == 0);
            assertEquals(3, bundle.deadLetters().size());
            bundle.awaitHealthy();
        }
    }

    @Tag("long")
    @Test
    void withoutReloadNothingWatchesAndWithItTheThreadEndsWithTheBundle() throws Exception {
        for (boolean reloads : List.of(true, false)) {
            String name = "reload-" + reloads; // of the bundle, and so of its thread
            try (TestBundle bundle = new TestBundle()) {
                bundle.set("sequin.bundles", name).set("sequin." + name + ".consumer", "test");
                bundle.properties().remove("sequin.consumer");
                bundle.set("sequin.reload", Boolean.toString(reloads)).start();
                assertEquals(reloads ? 1 : 0, watches(name));
            }
            await().until(() -> watches(name) == 0);
        }
    }

    private static long watches(String bundle) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(bundle + "-collection-files"))
                .count();
    }

    /** It is the table that is mended here, and the file has not changed since it was refused. */
    @Test
    void aTemplateThatIsRefusedIsTriedAgainWhenItsTableMayHaveChanged() throws Exception {
        try (TestBundle bundle = bundle(60)) {
            bundle.start().awaitHealthy();
            replace(bundle, TEMPLATE, "value) values", "later) values");
            replace(bundle, TEMPLATE, "value = excluded.value", "later = excluded.later");
            await().until(() -> health(bundle).contains("SQLSTATE 42703"));
            bundle.database().execute("alter table things add later text");
            await().until(() -> !health(bundle).contains("SQLSTATE"));
            bundle.offer(Things.thing(1, 1)).awaitDrained();
            assertEquals("1", bundle.database().value("select later from things"));
        }
    }

    @Tag("long")
    @Test
    void aChangeDoesNotWaitForADatabaseThatIsAway() throws Exception {
        try (TestBundle bundle = bundle(60);
                LogWatch log = new LogWatch(bundle.routes())) {
            var network = bundle.network();
            bundle.start().awaitHealthy();
            network.refuse();
            network.cut();
            replace(bundle, TEMPLATE, ":#data.value", "'new ' || :#data.value");
            await().until(() -> !log.lines("used unchecked").isEmpty());
            await().until(() -> log.lines("is loaded from").size() >= 2);
            network.accept();
            bundle.offer(Things.thing(1, 1));
            assertRunsOn(bundle, "1");
            assertEquals("new 1", bundle.database().value(VALUE));
        }
    }

    @Test
    void aFolderThatALinkIsReplacedByIsLoadedAnew() throws Exception {
        try (TestBundle bundle = bundle(60)) {
            Path link = bundle.routes().resolve("collections");
            Path one = bundle.routes().resolve("..one");
            Path two = Files.createDirectory(bundle.routes().resolve("..two"));
            Files.move(link, one);
            Files.createSymbolicLink(link, one.getFileName());
            try (var files = Files.list(one)) {
                for (Path file : files.toList()) {
                    Files.copy(file, two.resolve(file.getFileName()));
                }
            }
            Path template = two.resolve(TEMPLATE);
            Files.writeString(template, Files.readString(template).replace(":#data.value", "'new ' || :#data.value"));
            bundle.offer(Things.thing(1, 1)).start().awaitDrained();
            Path next = Files.createSymbolicLink(bundle.routes().resolve("next"), two.getFileName());
            Files.move(next, link, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            await().until(() -> {
                bundle.offer(Things.thing(1, 2)).awaitDrained();
                return bundle.database().value(VALUE).equals("new 2");
            });
            assertNotNull(bundle.standalone().context().getRoute("test-thing"));
        }
    }
}
