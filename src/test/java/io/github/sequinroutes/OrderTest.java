package io.github.sequinroutes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 26 to 28: in whatever order the versions of a record come, its row ends as the highest of them. */
@Tag("postgres")
class OrderTest {
    /** One version of a record: its deletion, or a value. */
    private record Version(String id, long version, boolean deleted) {
        String json() {
            String data = deleted ? "{}" : "{\"value\": " + version * 10 + "}";
            return TestRecord.of("test:thing", id, version, deleted, data);
        }
    }

    /** A table with soft deletes and the template's guard, or with hard deletes and the ledger. */
    private static TestBundle things(boolean hard) throws Exception {
        TestBundle bundle = new TestBundle();
        bundle.database().execute("create table things (id text primary key, v bigint, deleted boolean, value bigint)");
        String guard = hard ? "" : " where t.v <= excluded.v";
        bundle.collection(
                "test:thing",
                "insert into things as t (id, v, deleted, value) values (:#id, :#updated_idx, :#deleted, :#data.value)"
                        + " on conflict (id) do update set v = excluded.v, deleted = excluded.deleted,"
                        + " value = excluded.value" + guard);
        Path collections = bundle.routes().resolve("collections");
        if (hard) {
            Path route = collections.resolve("test-thing.camel.yaml");
            String delete = "      - name: delete\n        value: thing.delete.sql\n";
            Files.writeString(route, Files.readString(route) + delete);
            Files.writeString(collections.resolve("thing.delete.sql"), "delete from things where id = :#id");
        }
        return bundle;
    }

    private static List<String> expected(List<Version> offered, boolean hard) {
        Map<String, Version> newest = new TreeMap<>();
        offered.forEach(v -> newest.merge(v.id, v, (a, b) -> a.version >= b.version ? a : b));
        return newest.values().stream()
                .filter(v -> !hard || !v.deleted)
                .map(v -> v.id + "|" + v.version + "|" + (v.deleted ? "t|~" : "f|" + v.version * 10))
                .toList();
    }

    private static List<String> rows(TestBundle bundle) throws Exception {
        return bundle.database().rows("select id, v, deleted, value from things order by id collate \"C\"");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVersionThatIsMissingDoesNotUpsetTheOrderOfTheOthers(boolean hard) throws Exception {
        try (TestBundle bundle = things(hard)) {
            String without = new Version("a", 9, false).json().replace("\"updated_idx\": 9,", "");
            // all in one batch
            bundle.offer(new Version("a", 5, false).json(), without, new Version("a", 3, false).json())
                    .start()
                    .awaitDrained();
            assertEquals(List.of("a|5|f|50"), rows(bundle));
            assertEquals(List.of("malformed|~|a"), bundle.deadLetters());
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"false, 1000", "true, 1000", "false, 7", "true, 7"})
    void everyPermutationOfFiveVersionsEndsTheSame(boolean hard, int batchSize) throws Exception {
        Random random = new Random(42);
        List<Version> offered = new ArrayList<>();
        for (int deleted = 3; deleted <= 5; deleted++) {
            int permutation = 0;
            for (List<Integer> order : permutations(List.of(1, 2, 3, 4, 5))) {
                String id = "deleted-at-%d-permutation-%03d".formatted(deleted, permutation++);
                List<Integer> withDuplicates = new ArrayList<>(order);
                withDuplicates.add(random.nextInt(6), order.get(random.nextInt(5)));
                for (int version : withDuplicates) {
                    offered.add(new Version(id, version, version == deleted));
                }
            }
        }
        assertEquals(3 * 120 * 6, offered.size());
        try (TestBundle bundle = things(hard)) {
            bundle.set("sequin.batch-size", Integer.toString(batchSize));
            offered.forEach(version -> bundle.offer(version.json()));
            bundle.start().awaitDrained();
            assertEquals(expected(offered, hard), rows(bundle));
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    /** docs/promises.md 63. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatWasAckedComesAgainTheOldestFirstAndNoRowGoesBack(boolean hard) throws Exception {
        List<Version> offered = new ArrayList<>();
        for (int version = 1; version <= 4; version++) {
            offered.add(new Version("stays", version, version == 2));
            offered.add(new Version("goes", version, version == 4));
        }
        try (TestBundle bundle = things(hard)) {
            bundle.set("sequin.batch-size", "1").set("sequin.workers", "1").start();
            offered.forEach(version -> bundle.offer(version.json()));
            bundle.awaitDrained();
            for (Version again : offered) {
                bundle.offer(again.json()).awaitDrained();
                assertEquals(expected(offered, hard), rows(bundle), again.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void randomInterleavingsBySeveralWorkersEndTheSame(boolean hard) throws Exception {
        long seed = Long.getLong("order.seed", System.nanoTime());
        System.out.println("-Dorder.seed=" + seed + " repeats this interleaving");
        Random random = new Random(seed);
        List<Version> offered = new ArrayList<>();
        for (int key = 0; key < 1000; key++) {
            for (int version = 1 + random.nextInt(4); version <= 5; version += 1 + random.nextInt(3)) {
                Version one = new Version("key-" + key, version, random.nextInt(3) == 0);
                offered.add(one);
                if (random.nextInt(4) == 0) {
                    offered.add(one);
                }
            }
        }
        Collections.shuffle(offered, random);
        try (TestBundle bundle = things(hard)) {
            bundle.set("sequin.workers", "4").set("sequin.batch-size", Integer.toString(1 + random.nextInt(100)));
            offered.forEach(version -> bundle.offer(version.json()));
            bundle.start().awaitDrained();
            assertEquals(expected(offered, hard).size(), rows(bundle).size(), "seed " + seed);
            assertEquals(
                    expected(offered, hard).stream().sorted().toList(),
                    rows(bundle).stream().sorted().toList());
            assertEquals("0", bundle.database().value("select count(*) from sequin.dead_letters"));
        }
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> permutation = new ArrayList<>(List.of(first));
                permutation.addAll(tail);
                all.add(permutation);
            }
        }
        return all;
    }

    /** Two workers that lock rows in different orders can deadlock. */
    @Test
    void aBatchIsWrittenInTheOrderOfKeys() throws Exception {
        try (TestBundle bundle = Things.guarded(new TestBundle().set("sequin.workers", "1"), false)) {
            bundle.database().execute("""
                    create table written (n serial, id text);
                    create function note() returns trigger language plpgsql as $$
                    begin insert into written (id) values (new.id); return null; end $$;
                    create trigger note after insert on things for each row execute function note()""");
            for (int i = 0; i < 40; i++) {
                bundle.offer(Things.thing(i * 7 % 40, 1));
            }
            bundle.start().awaitDrained();
            assertEquals(40, bundle.database().rows("select id from written").size());
            assertEquals(
                    bundle.database().rows("select id from written order by id collate \"C\""),
                    bundle.database().rows("select id from written order by n"));
        }
    }
}
