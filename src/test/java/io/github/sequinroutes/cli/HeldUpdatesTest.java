package io.github.sequinroutes.cli;

import static io.github.sequinroutes.message.Outcome.DEAD_LETTERED;
import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.message.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was tried to break, and held. */
@Tag("postgres")
@Tag("long")
class HeldUpdatesTest {
    private static final String MISSING = "unchanged_toast";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aDeletedRowAndUpdatesThatLeaveOutAValue(boolean softDeletes) throws Exception {
        try (Replication replication = Items.scaffolded("int", softDeletes)) {
            replication.send(List.of(Items.change("insert", "1", "10.0", "a", "A")));
            replication.send(List.of(Items.deleted("1", "12.0")));
            List<String> moved = List.of(Items.change("update", "1", "13.0", "b", MISSING));
            assertEquals(List.of(DEAD_LETTERED), replication.send(moved));
            List<String> stale = List.of(Items.change("update", "1", "11.0", "b", MISSING));
            assertEquals(List.of(WRITTEN), replication.send(stale)); // and so acked
            replication.run("replay", "--all");
            assertEquals(List.of(), Items.live(replication, softDeletes));
            replication.send(List.of(Items.change("update", "1", "14.0", "c", "C")));
            replication.run("replay", "--all");
            assertEquals(List.of("1|c|C"), Items.live(replication, softDeletes));
            assertEquals(
                    List.of(),
                    replication.target().rows("select version from sequin.dead_letters where replayed_at is null"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(t.name, t.body) is distinct from (excluded.name, excluded.body)",
                "t.* is distinct from excluded.*",
                "(t.name <> excluded.name or t.body <> excluded.body)"
            })
    void conditionsOnWhatHasChanged(String condition) throws Exception {
        String upsert = """
                insert into items as t (id, name, body, lsn, idx)
                values (:#record.id, :#record.name, :#record.body, :#metadata.commit_lsn, :#metadata.commit_idx)
                on conflict (id) do update set name = excluded.name, body = excluded.body,
                  lsn = excluded.lsn, idx = excluded.idx
                where (t.lsn is null or (t.lsn, t.idx) <= (excluded.lsn, excluded.idx)) and %s
                """.formatted(condition);
        try (Replication replication = Items.custom(Items.table("text"), upsert, null)) {
            replication.send(List.of(Items.change("insert", "1", "10.0", "a", "A")));
            replication.send(List.of(Items.change("update", "1", "12.0", "b", MISSING)));
            assertEquals(List.of("1|b|A"), replication.target().rows("select id, name, body from items"));
        }
    }

    /** Good ones, bad ones, such that leave out values of rows that are not there, and deletes. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aThousandMixed(boolean softDeletes) throws Exception {
        try (Replication replication = Items.scaffolded("int", softDeletes)) {
            replication.target().execute("alter table items add constraint c check (name <> 'bad')");
            List<String> inserts = new ArrayList<>();
            List<String> mixed = new ArrayList<>();
            List<Outcome> expected = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String id = Integer.toString(i);
                if (i % 5 != 0) {
                    inserts.add(Items.change("insert", id, "10." + i, "a", "A"));
                }
                boolean isBad = i % 3 == 0;
                mixed.add(
                        i % 7 == 0
                                ? Items.deleted(id, "11." + i)
                                : Items.change("update", id, "11." + i, isBad ? "bad" : "good", isBad ? "B" : MISSING));
                expected.add(i % 7 != 0 && (isBad || i % 5 == 0) ? DEAD_LETTERED : WRITTEN);
            }
            replication.send(inserts);
            assertEquals(expected, replication.send(mixed));
        }
    }
}
