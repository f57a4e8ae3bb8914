package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.sequinroutes.assembly.Mode;
import io.github.sequinroutes.deadletter.DeadLetterTable;
import io.github.sequinroutes.deadletter.Replay;
import io.github.sequinroutes.message.Lease;
import io.github.sequinroutes.message.Message;
import io.github.sequinroutes.sequin.SequinApi;
import io.github.sequinroutes.sequin.StoredMessages;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random sources and random deliveries of their changes: in the end each row of the replica is that of the source, or an open
 * dead letter tells why it is not. {@code -Dmodel.seed} and {@code -Dmodel.rounds} choose which, and how many.
 */
@Tag("postgres")
@Tag("long")
class ReplicaModelTest {
    private static final long SEED = Long.getLong("model.seed", System.nanoTime() % 1_000_000);
    private static final int ROUNDS = Integer.getInteger("model.rounds", 8);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS = "title text, body text, extra text";
    private static final String SOURCE = """
            create table articles (id int primary key, %1$s);
            create table parts (name text, no numeric, %1$s, primary key (no, name));
            create table things (id text primary key, %1$s);
            alter table things replica identity full;
            create table nums (id numeric primary key, %1$s);
            create table pairs (name text, no numeric, %1$s, primary key (name, no));
            alter table pairs replica identity full""".formatted(COLUMNS);
    private static final Set<String> TABLES = Set.of("articles", "parts", "things", "nums", "pairs");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theReplicaIsTheSource(boolean softDeletes) throws Exception {
        try (Replication replication = new Replication(SOURCE)) {
            List<String> arguments = new ArrayList<>(List.of("--table", "public.*", "--apply"));
            if (softDeletes) {
                arguments.add("--soft-deletes");
            }
            Replication.Result written = replication.scaffold(arguments.toArray(String[]::new));
            assertEquals(0, written.status(), written.toString());
            replication.target().execute("create table refs (id int, why text)");
            try (Standalone process = new Standalone(replication.bundle().settings(), Mode.COMMAND).start()) {
                process.bundle().database().prepare();
                List<String> problems = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    problems.addAll(new Round(replication, process, softDeletes, SEED + round).run());
                }
                assertEquals(List.of(), problems);
            }
        }
    }

    /** One source from its beginning to its end. */
    private static final class Round {
        private final Replication replication;
        private final Standalone process;
        private final boolean softDeletes;
        private final long seed;
        private final Random random;
        private final SourceModel source;
        private final SourceModel.Deliveries deliveries;
        private final List<String> log = new ArrayList<>();
        private boolean isStrict;

        Round(Replication replication, Standalone process, boolean softDeletes, long seed) {
            this.replication = replication;
            this.process = process;
            this.softDeletes = softDeletes;
            this.seed = seed;
            random = new Random(seed * 0x9E3779B97F4A7C15L); // near seeds begin alike
            source = new SourceModel(random);
            deliveries = new SourceModel.Deliveries(random, random.nextBoolean());
        }

        List<String> run() throws Exception {
            String all = String.join(", ", TABLES);
            replication
                    .target()
                    .execute("drop table refs; truncate " + all + ", sequin.dead_letters, sequin.versions;"
                            + " create table refs (item int references articles)");
            loosen();
            tighten();
            source.begin();
            int steps = 20 + random.nextInt(60);
            for (int i = 0; i < steps; i++) {
                int what = random.nextInt(100);
                if (what < 50) {
                    deliveries.add(source.transaction());
                } else if (what < 60) {
                    deliveries.add(source.reads(random.nextInt(4)));
                } else if (what < 64) {
                    deliveries.rewind();
                    log.add("rewind");
                } else if (what < 67) {
                    refer();
                } else if (what < 70) {
                    loosen();
                    replay(random.nextBoolean());
                    tighten();
                } else if (what < 72) {
                    replay(true); // in vain, for some
                } else if (what < 75) {
                    loosen();
                    CompletableFuture<Void> other = CompletableFuture.runAsync(this::replayAll);
                    for (int more = random.nextInt(5); more > 0 && !deliveries.isEmpty(); more--) {
                        deliver();
                    }
                    other.get();
                    tighten();
                } else if (what < 77) {
                    replication
                            .target()
                            .execute("alter table "
                                    + TABLES.stream().sorted().toList().get(random.nextInt(TABLES.size()))
                                    + " alter column " + (random.nextBoolean() ? "title" : "body") + " type "
                                    + (random.nextBoolean() ? "text" : "varchar(100)"));
                }
                while (random.nextInt(4) > 0 && !deliveries.isEmpty()) {
                    deliver();
                }
            }
            while (!deliveries.isEmpty()) {
                deliver();
            }
            deliveries.add(source.reads(-1));
            while (!deliveries.isEmpty()) {
                deliver();
            }
            loosen();
            replication.target().execute("truncate refs");
            for (int i = 0; i < 4; i++) {
                replay(true);
            }
            System.out.println(
                    "ReplicaModelTest seed " + seed + (softDeletes ? ", soft" : ", hard")
                            + (deliveries.isGrouped() ? ", grouped: " : ", ungrouped: ") + source
                            + "; dead letters, replayed, without the value, attempts: "
                            + replication
                                    .target()
                                    .rows(
                                            "select count(*), count(replayed_at), count(*) filter (where sqlstate = '02000'), sum(attempts) from sequin.dead_letters"));
            return problems();
        }

        private void deliver() throws Exception {
            List<SourceModel.Change> first = deliveries.take(1 + random.nextInt(20));
            if (deliveries.isGrouped() && random.nextInt(3) == 0) {
                List<SourceModel.Change> second = deliveries.take(1 + random.nextInt(20));
                CompletableFuture<Void> other = CompletableFuture.runAsync(() -> send(second));
                send(first);
                other.get();
                deliveries.give(second);
            } else {
                send(first);
            }
            deliveries.give(first);
        }

        private void send(List<SourceModel.Change> changes) {
            if (changes.isEmpty()) {
                return;
            }
            List<Message> batch = changes.stream()
                    .map(change -> StoredMessages.read(
                            change.json().getBytes(StandardCharsets.UTF_8),
                            SequinApi.of("stream").format()))
                    .toList();
            try (ProducerTemplate sender = process.context().createProducerTemplate()) {
                sender.sendBody("direct:sequin-write", StoredMessages.batch(batch, new Lease(60_000)));
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            synchronized (log) {
                StringBuilder line = new StringBuilder("batch");
                for (int i = 0; i < batch.size(); i++) {
                    changes.get(i).settled(batch.get(i).outcome().isDurable());
                    line.append("\n      ")
                            .append(changes.get(i))
                            .append(" -> ")
                            .append(batch.get(i).outcome());
                    if (batch.get(i).rejection() != null) {
                        line.append(' ').append(batch.get(i).rejection().sqlState());
                    }
                }
                log.add(line.toString());
            }
        }

        private void tighten() throws Exception {
            for (String table : TABLES) {
                replication
                        .target()
                        .execute("alter table " + table + " add constraint no_bad check (title <> 'bad') not valid");
            }
            isStrict = true;
        }

        private void loosen() throws Exception {
            for (String table : TABLES) {
                replication.target().execute("alter table " + table + " drop constraint if exists no_bad");
            }
            isStrict = false;
        }

        /** A row of the target that is in use: it cannot be deleted. */
        private void refer() throws Exception {
            replication
                    .target()
                    .execute(
                            random.nextBoolean()
                                    ? "insert into refs select id from articles order by md5(id::text) limit 2"
                                    : "truncate refs");
        }

        private void replayAll() {
            try {
                replay(true);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private void replay(boolean all) throws Exception {
            DeadLetterTable table = process.bundle().deadLetters();
            Replay replay = new Replay(
                    table, process.context(), process.bundle().config().name());
            String ids = "select id from sequin.dead_letters where replayed_at is null order by md5(id::text || '"
                    + seed + "')";
            if (all) {
                String done = "replay " + (isStrict ? "strictly " : "")
                        + replay.run(new DeadLetterTable.Filter(null, null, null), 1)
                                .outcomes();
                synchronized (log) {
                    log.add(done);
                }
            } else {
                for (String id :
                        replication.target().rows(ids).stream().limit(6).toList()) {
                    log.add("replay of " + id + " "
                            + replication
                                    .target()
                                    .value(
                                            "select collection || ' ' || record_id || ' ' || version from sequin.dead_letters where id = "
                                                    + id)
                            + ' '
                            + replay.run(new DeadLetterTable.Filter(null, null, Long.valueOf(id)), 1)
                                    .outcomes());
                }
            }
        }

        private List<String> problems() throws Exception {
            List<String> problems = new ArrayList<>();
            Map<String, List<Long>> open = new java.util.HashMap<>();
            for (String text : replication
                    .target()
                    .rows("select sqlstate || ' ' || message from sequin.dead_letters where replayed_at is null")) {
                JsonNode data = JSON.readTree(text.substring(text.indexOf('{'))).path("data");
                String key = SourceModel.key(data);
                JsonNode metadata = data.path("metadata");
                long version = metadata.path("commit_lsn").asLong() * 1000
                        + metadata.path("commit_idx").asLong();
                open.computeIfAbsent(key, any -> new ArrayList<>()).add(version);
                if (!text.startsWith("02000")) {
                    problems.add(problem(key, "could have been replayed: " + text));
                } else if (source.hasWholeSince(key, version) && !source.mayBeGhost(key)) {
                    problems.add(problem(key, "is superseded: " + text));
                }
            }
            Set<String> seen = new HashSet<>();
            for (String table : TABLES) {
                String key = table.equals("parts") || table.equals("pairs")
                        ? "trim_scale(no) || ' ' || name"
                        : table.equals("nums") ? "trim_scale(id)" : "id";
                for (String text : replication
                        .target()
                        .rows("select to_json(array[" + key + "::text, title, body, extra]) from " + table
                                + (softDeletes ? " where not deleted" : ""))) {
                    JsonNode row = JSON.readTree(text);
                    String name = table + " " + row.get(0).asText();
                    seen.add(name);
                    String difference = source.difference(name, row, open.getOrDefault(name, List.of()));
                    if (difference != null) {
                        problems.add(problem(name, difference));
                    }
                }
            }
            for (String missing : source.missing(seen)) {
                String difference = source.difference(missing, null, open.getOrDefault(missing, List.of()));
                if (difference != null) {
                    problems.add(problem(missing, difference));
                }
            }
            return problems;
        }

        private String problem(String key, String text) {
            StringBuilder all = new StringBuilder("\nseed " + seed + (softDeletes ? " soft " : " hard ")
                    + (deliveries.isGrouped() ? "grouped " : "ungrouped ") + key + ": " + text);
            for (String line : log) {
                if (line.startsWith("batch")) {
                    String of = line.lines()
                            .filter(each -> each.contains(key + " ")
                                    || each.contains("from " + key.substring(key.indexOf(' ') + 1) + " "))
                            .reduce("", (a, b) -> a + "\n" + b);
                    all.append(of.isEmpty() ? "" : "\n  batch" + of);
                } else {
                    all.append("\n  ").append(line);
                }
            }
            return all.toString();
        }
    }
}
