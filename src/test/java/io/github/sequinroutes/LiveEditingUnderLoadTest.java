package io.github.sequinroutes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** docs/promises.md 72: records flow while their files are saved, well and badly. */
@Order(1) // takes long
@Tag("long")
class LiveEditingUnderLoadTest {
    private static final Logger LOG = LoggerFactory.getLogger(LiveEditingUnderLoadTest.class);
    private static final List<String> COLLECTIONS = List.of("a", "b", "c");
    private static final long SAVING_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final int MEASURED = 5;

    private final long seed =
            Long.getLong("test.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);
    private final Map<String, Long> newest = new TreeMap<>();
    private long version;
    private int generation;
    private TestBundle bundle;

    private Path file(String name) {
        return bundle.routes().resolve("collections").resolve(name);
    }

    /** A template that writes down with which generation of it a row was written last. */
    private String template(String collection) {
        return """
                insert into %1$s as t (id, v, generation) values (:#id, :#updated_idx, %2$d)
                on conflict (id) do update set v = excluded.v, generation = excluded.generation
                where t.v <= excluded.v -- %3$s
                """.formatted(collection, generation, "x".repeat(random.nextInt(200)));
    }

    private String route(String collection) {
        return """
                # %2$d
                - templatedRoute:
                    routeTemplateRef: collection
                    routeId: %1$s
                    parameters:
                      - {name: collection, value: "test:%1$s"}
                      - {name: upsert, value: %1$s.upsert.sql}
                """.formatted(collection, generation);
    }

    private void offer() {
        for (int i = 0; i < 20; i++) {
            String key = COLLECTIONS.get(random.nextInt(COLLECTIONS.size())) + "|" + random.nextInt(200);
            newest.put(key, ++version);
            bundle.offer(TestRecord.of("test:" + key.charAt(0), key.substring(2), version, "{}"));
        }
    }

    /** Lets records come for a while. */
    private void offerFor(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < until) {
            offer();
            await().until(() -> bundle.consumer().pending() < 500);
        }
    }

    /** Saves a file in one of the ways of editors and people. */
    private void save(String collection) throws IOException {
        generation++;
        Path sql = file(collection + ".upsert.sql");
        Path yaml = file(collection + ".camel.yaml");
        String good = template(collection);
        switch (random.nextInt(9)) {
            case 0 -> Files.writeString(sql, good.replace("generation)", "generatoin)")); // PostgreSQL refuses it
            case 1 -> Files.writeString(sql, "insert into " + collection + " values (':#id"); // it is no template
            case 2 -> Files.writeString(yaml, route(collection).replace("upsert", "upsret"));
            case 3 -> Files.writeString(yaml, route(collection).replace("parameters:", "parameters: [")); // no YAML
            case 4 -> { // half of it first
                Files.writeString(sql, good.substring(0, good.length() / 3));
                offerFor(random.nextInt(300));
                Files.writeString(sql, good);
            }
            case 5 -> { // as some editors do
                Files.delete(yaml);
                offerFor(random.nextInt(700));
                Files.writeString(yaml, route(collection));
            }
            case 6 -> { // as others do
                Path temporary = file("." + collection + ".swp");
                Files.writeString(temporary, good);
                Files.move(temporary, sql, StandardCopyOption.ATOMIC_MOVE);
            }
            case 7 -> Files.writeString(yaml, route(collection));
            default -> Files.writeString(sql, good);
        }
    }

    private void saveGood(String collection) throws IOException {
        generation++;
        Files.writeString(file(collection + ".camel.yaml"), route(collection));
        Files.writeString(file(collection + ".upsert.sql"), template(collection));
    }

    /** From the end of a save to the commit of the first row that the new template has written. */
    private long millisToEffect(String collection) throws Exception {
        generation++;
        Files.writeString(file(collection + ".upsert.sql"), template(collection));
        long saved = System.nanoTime();
        String query = "select count(*) > 0 from " + collection + " where generation = " + generation;
        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            offer();
            return bundle.database().value(query).equals("t");
        });
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - saved);
    }

    @Test
    void everyRowIsRightWhateverIsSavedMeanwhile() throws Exception {
        try (TestBundle started = new TestBundle()) {
            bundle = started;
            for (String collection : COLLECTIONS) {
                bundle.database()
                        .execute("create table " + collection + " (id text primary key, v bigint, generation bigint)");
                saveGood(collection);
            }
            bundle.set("sequin.batch-size", "50").start().awaitHealthy();
            long until = System.nanoTime() + SAVING_NANOS;
            int saves = 0;
            while (System.nanoTime() < until) {
                save(COLLECTIONS.get(random.nextInt(COLLECTIONS.size())));
                saves++;
                offerFor(random.nextInt(900));
            }
            for (String collection : COLLECTIONS) {
                saveGood(collection);
            }
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < MEASURED; i++) {
                millis.add(millisToEffect(COLLECTIONS.get(i % COLLECTIONS.size())));
            }
            bundle.awaitDrained().awaitHealthy();
            LOG.info(
                    "Seed {}: {} saves, {} versions of {} records. From a save to the first row by it: {} ms",
                    seed,
                    saves,
                    version,
                    newest.size(),
                    millis);
            assertEquals(List.of(), bundle.deadLetters(), "seed " + seed);
            assertEquals("", bundle.health().getMessage().orElse(""));
            Map<String, Long> written = new TreeMap<>();
            for (String collection : COLLECTIONS) {
                for (String row : bundle.database().rows("select id, v from " + collection)) {
                    String[] columns = row.split("\\|", -1);
                    written.put(collection + "|" + columns[0], Long.valueOf(columns[1]));
                }
            }
            assertEquals(newest, written, "seed " + seed);
        }
    }
}
