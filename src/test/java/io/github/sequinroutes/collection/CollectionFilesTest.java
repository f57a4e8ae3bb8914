package io.github.sequinroutes.collection;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.LogWatch;
import io.github.sequinroutes.testkit.TemporaryFolder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CollectionFilesTest {
    private static final String ROUTE = """
            - route:
                id: %s
                group: collection
                from:
                  uri: direct:%s
                  steps:
                    - stop: {}
            """;

    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void onTheClassPath() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files");
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {home.path().toUri().toURL()})) {
            Path folder = Files.createDirectories(home.path().resolve("some-routes/collections"));
            Files.writeString(folder.resolve("a.camel.yaml"), ROUTE.formatted("a", "test:a"));
            Files.writeString(
                    folder.resolve("b.camel.yaml"),
                    ROUTE.formatted("b", "test:b").replace("steps", "stepz"));
            context.setApplicationContextClassLoader(loader);
            PluginHelper.getPackageScanResourceResolver(context).addClassLoader(loader);
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "classpath:some-routes/collections");
            assertEquals(
                    Map.of("test:b", "some-routes/collections/b.camel.yaml:7:9: Unsupported field: stepz"),
                    files.broken());
            assertEquals(
                    "a",
                    CollectionRoutes.find(context, CollectionRoutes.group("sequin"), "test:a")
                            .getRouteId());
            assertEquals(Set.of(), files.filesOf("test:a"));
        }
    }

    /** Any collection may have its file in a folder that cannot be read. */
    @Test
    void aFolderThatCannotBeRead() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path().resolve("nowhere"));
            assertTrue(files.routes(context).mustWait("test:a"));
            assertEquals(1, files.broken().size());
        }
    }

    @Test
    void knowsWhichFilesAreOfACollection() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path route = home.path().resolve("a.camel.yaml");
            Files.writeString(
                    route, ROUTE.formatted("a", "test:a") + "        - to: \"sql:file:x/collections/a.upsert.sql\"\n");
            Files.writeString(home.path().resolve("a.upsert.sql"), "select 1");
            Files.writeString(home.path().resolve("b.upsert.sql"), "select 1");
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            assertEquals(Set.of(route, home.path().resolve("a.upsert.sql")), files.filesOf("test:a"));
            assertEquals(
                    List.of(
                            home.path()
                                    + "/b.upsert.sql:1:1: is not used, because no route names it; name it in one, or remove it"),
                    files.warnings());
            assertTrue(files.routes(context).mustWait("test:a"), "there is no SQL component without a database");
            assertFalse(files.routes(context).mustWait("test:b"));
        }
    }

    @Test
    void whatLiesBesideTheFolderAndIsNotLoadedIsWarnedOf() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path folder = Files.createDirectories(home.path().resolve("collections"));
            for (String name : List.of(
                    "a.yaml",
                    "b.camel.yml",
                    "c.upsert.sql",
                    "mine.sql",
                    "poll.camel.yaml",
                    "README.md",
                    "x.properties")) {
                Files.writeString(home.path().resolve(name), "select 1");
            }
            Files.writeString(home.path().resolve("mine.camel.yaml"), "- route: # sql:file:mine.sql");
            Files.createDirectories(home.path().resolve("collection"));
            Files.writeString(home.path().resolve("collection/d.camel.yaml"), "");
            Files.createDirectories(home.path().resolve("notes"));
            // YAML that others load, or nobody
            Files.createDirectories(home.path().resolve("shared"));
            Files.writeString(home.path().resolve("shared/audit.camel.yaml"), "- route: {from: {uri: direct:audit}}");
            Files.writeString(home.path().resolve("shared/values.yaml"), "replicas: 2");
            Files.createDirectories(home.path().resolve("stripe"));
            Files.writeString(home.path().resolve("stripe/e.yaml"), "- templatedRoute: {routeTemplateRef: collection}");
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + folder);
            String where = "; the files of a collection belong in collections";
            assertEquals(
                    List.of(
                            home.path() + "/a.yaml:1:1: is not loaded, because its name does not end in .camel.yaml"
                                    + where,
                            home.path()
                                    + "/b.camel.yml:1:1: is not loaded, because its name does not end in .camel.yaml"
                                    + where,
                            home.path() + "/c.upsert.sql:1:1: is not used, because no route names it" + where,
                            home.path() + "/collection:1:1: is a folder, and nothing in it is loaded" + where,
                            home.path()
                                    + "/poll.camel.yaml:1:1: is of an earlier version of the bundle, and not loaded;"
                                    + " remove it",
                            home.path() + "/stripe:1:1: is a folder, and nothing in it is loaded" + where),
                    files.warnings());
        }
    }

    /** A message that comes while its route is replaced must not be taken for one without a route. */
    @Tag("long")
    @Test
    void aRouteThatIsReplacedIsThereOrWaitedFor() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            AtomicLong missing = new AtomicLong();
            AtomicBoolean over = new AtomicBoolean();
            Thread worker = new Thread(() -> {
                while (!over.get()) {
                    LoadedRoutes routes = files.routes(context);
                    if (routes.of("test:a") == null && !routes.mustWait("test:a")) {
                        missing.incrementAndGet();
                    }
                }
            });
            worker.start();
            for (int i = 0; i < 300; i++) {
                Files.writeString(file, ROUTE.formatted("a", "test:a") + "# " + "x".repeat(i) + "\n");
                files.look();
            }
            over.set(true);
            worker.join();
            assertEquals(0, missing.get());
            assertEquals(Map.of(), files.broken());
        }
    }

    /** Of a route that is being replaced there is nothing to see for a moment. */
    @Test
    void whatIsReplacedWhileItIsLookedAtIsLookedAtAgain() throws Exception {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>();
        try (TemporaryFolder home = new TemporaryFolder("files");
                DefaultCamelContext inBetween = new DefaultCamelContext() {
                    @Override
                    public List<Route> getRoutesByGroup(String group) {
                        Runnable replacement = meanwhile.getAndSet(null);
                        if (replacement == null) {
                            return super.getRoutesByGroup(group);
                        }
                        replacement.run();
                        return List.of();
                    }
                }) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            inBetween.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(inBetween, "file:" + home.path());
            Files.writeString(file, ROUTE.formatted("a", "test:a") + "# changed\n");
            meanwhile.set(files::look);
            assertEquals("a", files.routes(inBetween).of("test:a").getRouteId());
        }
    }

    /** Camel finds out only when the old route has made room. */
    @Test
    void aFileThatCamelRefusesLeavesTheOldRouteRunning() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            Files.writeString(file, ROUTE.formatted("a", "test:a").replace("stop: {}", "to: nowhere:x"));
            files.look();
            assertEquals("a", files.routes().of("test:a").getRouteId());
            assertFalse(files.routes().mustWait("test:a"));
            assertEquals(Map.of(), files.broken());
            String problem = files.outdated().get("test:a");
            assertTrue(problem.startsWith(file + ":2:5: "), problem);
            assertTrue(problem.contains("nowhere"), problem);
            Files.writeString(file, ROUTE.formatted("a", "test:b"));
            files.look();
            assertEquals("a", files.routes().of("test:b").getRouteId());
            assertEquals(Map.of(), files.outdated());
        }
    }

    @Test
    void everyProblemOfAFileIsToldAtOnce() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, """
                    - templatedRoute:
                        routeTemplateRef: colection
                        parameters:
                          - {name: collection, value: "test:a"}
                    - templatedRoute:
                        routeTemplateRef: colection
                        paramaters: []
                    """);
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            String broken = files.broken().get("test:a");
            assertTrue(broken.startsWith(file + ":2:23: there is no route template colection"), broken);
            assertTrue(broken.contains("; " + file + ":7:5: paramaters is nothing that"), broken);
        }
    }

    /** It names them still, and so may the file once it is mended. */
    @Test
    void whatARouteNamesThatRunsOnAsBeforeIsNotUnused() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a") + "# a.upsert.sql\n");
            Files.writeString(home.path().resolve("a.upsert.sql"), "select 1");
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            Files.writeString(file, "- route:\n\tid: a\n");
            files.look();
            assertEquals(1, files.outdated().size());
            assertEquals(List.of(), files.warnings());
            Files.delete(file);
            files.look();
            await().until(() -> {
                files.look();
                return files.warnings().size() == 1;
            });
        }
    }

    /** Else nothing says why its messages become dead letters. */
    @Test
    void aCollectionWhoseIdBecomesAnotherHasNoRouteAnyMore() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files");
                LogWatch log = new LogWatch("test:renamed")) {
            Path file = home.path().resolve("a.camel.yaml");
            Path deleted = home.path().resolve("b.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:renamed"));
            Files.writeString(deleted, ROUTE.formatted("b", "test:renamed-with-file"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", false);
            files.load(context, "file:" + home.path());
            Files.delete(deleted);
            Files.writeString(file, ROUTE.formatted("a", "test:renameds"));
            await().until(() -> {
                files.look();
                return !files.routes().mustWait("test:renamed")
                        && !files.routes().mustWait("test:renamed-with-file");
            });
            List<String> said = log.lines("WARN");
            assertEquals(2, said.size(), said.toString());
            assertTrue(said.get(0).startsWith("WARN The file " + deleted + " is gone"), said.toString());
            assertEquals(
                    "WARN Collection test:renamed has no route any more: its messages are now those of a collection"
                            + " without a route, and become dead letters unless sequin.ignore names it.",
                    said.get(1));
        }
    }

    @Test
    void aFileThatIsBeingWrittenIsNotReadUntilItRests() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            Files.writeString(file, "- route:");
            files.reloadChanged();
            assertEquals(Map.of(), files.outdated(), "nobody has seen it twice");
            Files.writeString(file, ROUTE.formatted("a", "test:b"));
            files.reloadChanged();
            assertEquals(Set.of("test:a"), files.routes().collections());
            await().until(() -> {
                files.reloadChanged();
                return files.routes().collections().equals(Set.of("test:b"));
            });
        }
    }

    /** An SQL file that rests may be named by a route that is still being written; and what is written anew as it was is none. */
    @Test
    void nothingIsSaidOfFilesThatAreRenamedAtOnceOrTheSame() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            String route = ROUTE.formatted("a", "test:a");
            Files.writeString(file, route);
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            List<String> loaded = new ArrayList<>();
            files.whenLoaded(loaded::add);
            files.load(context, "file:" + home.path());
            Files.writeString(home.path().resolve("b.upsert.sql"), "select :#id");
            long begin = System.nanoTime();
            int writes = 0;
            while (System.nanoTime() - begin < 3 * FolderStamps.REST_NANOS) {
                Files.writeString(file, route + "# " + "x".repeat(++writes % 100) + "\n");
                files.reloadChanged();
                assertEquals(List.of(), files.warnings());
                LockSupport.parkNanos(FolderStamps.REST_NANOS / 8);
            }
            Files.writeString(file, route);
            await().until(() -> {
                files.reloadChanged();
                return files.warnings().size() == 1;
            });
            assertEquals(List.of("test:a"), loaded);
            Files.writeString(file, route + "# b.upsert.sql\n");
            await().until(() -> {
                files.reloadChanged();
                return files.warnings().isEmpty();
            });
            assertEquals(List.of("test:a", "test:a"), loaded);
        }
    }

    @Test
    void aDeletedFileTakesItsRouteWithItUnlessItComesBack() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            List<String> gone = new ArrayList<>();
            files.whenGone(gone::add);
            files.load(context, "file:" + home.path());
            Files.delete(file);
            files.reloadChanged();
            assertEquals(Set.of("test:a"), files.routes().collections(), "an editor may be about to write it");
            Files.writeString(file, ROUTE.formatted("a", "test:a") + "# again\n");
            files.reloadChanged();
            files.reloadChanged();
            Files.delete(file);
            await().until(() -> {
                files.reloadChanged();
                return files.routes().collections().isEmpty();
            });
            assertEquals(List.of("a"), gone);
            assertTrue(files.routes().mustWait("test:a"), "its file may come back");
            await().until(() -> {
                files.reloadChanged();
                return !files.routes().mustWait("test:a");
            });
        }
    }

    @Test
    void aRouteInWhichMessagesAreIsNotReplacedAndNobodyEntersIt() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Path other = home.path().resolve("b.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            Files.writeString(other, ROUTE.formatted("b", "test:b"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            assertTrue(files.enter("a"));
            Files.writeString(file, ROUTE.formatted("a", "test:c"));
            Files.writeString(other, ROUTE.formatted("b", "test:d"));
            files.look();
            assertEquals(Set.of("test:a", "test:d"), files.routes().collections());
            assertTrue(files.routes().mustWait("test:a"));
            assertFalse(files.enter("a"));
            assertTrue(files.enter("b"), "the others need not wait");
            files.leave("a");
            files.look();
            assertEquals(Set.of("test:c", "test:d"), files.routes().collections());
            assertTrue(files.enter("a"));
        }
    }

    /** What is saved while a batch in flight is waited for may be no good. */
    @Test
    void aRouteThatIsNotReplacedAfterAllIsOpenAgain() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("a.camel.yaml");
            Files.writeString(file, ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            assertTrue(files.enter("a"));
            Files.writeString(file, ROUTE.formatted("a", "test:a") + "# changed\n");
            files.look();
            assertFalse(files.enter("a"));
            Files.writeString(file, "nonsense");
            files.look();
            assertTrue(files.enter("a"));
            assertFalse(files.routes().mustWait("test:a"));
        }
    }

    /** Else they would come again and again, as long as the batch in flight takes. */
    @Test
    void whatIsForTheRouteOfAllOthersWaitsWhileThatIsReplaced() throws Exception {
        try (TemporaryFolder home = new TemporaryFolder("files")) {
            Path file = home.path().resolve("any.camel.yaml");
            String any = ROUTE.formatted("any", "*").replace("direct:*", "\"direct:*\"");
            Files.writeString(file, any);
            Files.writeString(home.path().resolve("a.camel.yaml"), ROUTE.formatted("a", "test:a"));
            context.start();
            CollectionFiles files = new CollectionFiles("sequin", true);
            files.load(context, "file:" + home.path());
            assertTrue(files.enter("any"));
            Files.writeString(file, any + "# changed\n");
            files.look();
            assertTrue(files.routes().mustWait("test:b"));
            assertFalse(files.routes().mustWait("test:a"));
            files.leave("any");
            files.look();
            assertFalse(files.routes().mustWait("test:b"));
        }
    }
}
