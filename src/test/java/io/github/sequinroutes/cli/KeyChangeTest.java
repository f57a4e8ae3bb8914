package io.github.sequinroutes.cli;

import static io.github.sequinroutes.message.Outcome.DEAD_LETTERED;
import static io.github.sequinroutes.message.Outcome.SUPERSEDED;
import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.sequinroutes.message.Outcome;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 68: a row whose key has changed is not there twice. */
@Tag("postgres")
class KeyChangeTest {
    private static final String TABLE =
            "create table items (id int primary key, name text); alter table items replica identity full";
    private static final String LIVE = "select id, name from items order by id";

    private static String change(String action, int id, String version, String name) {
        return Replication.change(
                action, "items", Integer.toString(id), version, "{\"id\": %d, \"name\": \"%s\"}".formatted(id, name));
    }

    /** An update that says what the key was before. */
    private static String moved(int from, int to, String version, String name) {
        return change("update", to, version, name).replace("\"changes\": null", "\"changes\": {\"id\": " + from + "}");
    }

    private static Replication replication(String... options) throws Exception {
        Replication replication = new Replication(TABLE);
        String[] all = new String[options.length + 3];
        System.arraycopy(options, 0, all, 3, options.length);
        all[0] = "--table";
        all[1] = "public.items";
        all[2] = "--apply";
        assertEquals(0, replication.scaffold(all).status());
        return replication;
    }

    @Test
    void theRowIsOnlyUnderItsNewKey() throws Exception {
        try (Replication replication = replication()) {
            replication.send(List.of(change("insert", 50, "10.0", "a"), change("insert", 7, "10.1", "other")));
            assertEquals(List.of(WRITTEN), replication.send(List.of(moved(50, 51, "11.0", "b"))));
            assertEquals(List.of("7|other", "51|b"), replication.target().rows(LIVE));
            // what was acked comes again, the oldest first
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            replication.send(List.of(moved(50, 51, "11.0", "b")));
            assertEquals(List.of("7|other", "51|b"), replication.target().rows(LIVE));
        }
    }

    /** The server sends the change of the key before the old row's insert is acked. */
    @Tag("long")
    @Test
    void theOldRowComesLater() throws Exception {
        try (Replication replication = replication()) {
            replication.send(List.of(moved(50, 51, "11.0", "b")));
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            assertEquals(List.of("51|b"), replication.target().rows(LIVE));
            replication.send(List.of(change("insert", 50, "12.0", "again")));
            assertEquals(List.of("50|again", "51|b"), replication.target().rows(LIVE));
        }
    }

    @Test
    void allInOneBatch() throws Exception {
        try (Replication replication = replication()) {
            assertEquals(
                    List.of(SUPERSEDED, WRITTEN, WRITTEN, SUPERSEDED, WRITTEN),
                    replication.send(List.of(
                            change("insert", 1, "10.0", "one"),
                            moved(1, 2, "11.0", "two"),
                            change("insert", 1, "12.0", "new"),
                            change("insert", 8, "12.1", "eight"),
                            change("delete", 8, "12.2", "eight"))));
            assertEquals(List.of("1|new", "2|two"), replication.target().rows(LIVE));
        }
    }

    /** Through a third key, as PostgreSQL wants it. */
    @Test
    void twoRowsSwapTheirKeys() throws Exception {
        try (Replication replication = replication()) {
            replication.send(List.of(
                    change("insert", 1, "10.0", "a"),
                    change("insert", 2, "10.1", "b"),
                    moved(1, 3, "11.0", "a"),
                    moved(2, 1, "11.1", "b"),
                    moved(3, 2, "11.2", "a")));
            assertEquals(List.of("1|b", "2|a"), replication.target().rows(LIVE));
        }
    }

    @Test
    void withSoftDeletesTheOldRowIsMarked() throws Exception {
        try (Replication replication = replication("--soft-deletes")) {
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            replication.send(List.of(moved(50, 51, "11.0", "b")));
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            assertEquals(
                    List.of("50|t", "51|f"), replication.target().rows("select id, deleted from items order by id"));
        }
    }

    /** The change is acked only when the old row is gone. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theOldRowCannotBeDeleted(boolean together) throws Exception {
        try (Replication replication = replication()) {
            replication.target().execute("create table parts (item int references items)");
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            replication.target().execute("insert into parts values (50)");
            List<String> batch = together
                    ? List.of(change("insert", 1, "10.5", "x"), moved(50, 51, "11.0", "b"))
                    : List.of(moved(50, 51, "11.0", "b"));
            List<Outcome> outcomes = replication.send(batch);
            assertEquals(DEAD_LETTERED, outcomes.get(outcomes.size() - 1));
            replication.target().execute("delete from parts");
            assertEquals(0, replication.run("replay", "--all").status());
            assertEquals(
                    List.of("51|b"), replication.target().rows("select id, name from items where id > 1 order by id"));
        }
    }

    /** With the default identity the server does not say what the key was. */
    @Test
    void withoutTheOldKeyTheOldRowStays() throws Exception {
        try (Replication replication = replication()) {
            replication.send(List.of(change("insert", 50, "10.0", "a")));
            replication.send(
                    List.of(change("update", 51, "11.0", "a").replace("\"changes\": null", "\"changes\": {}")));
            assertEquals(List.of("50|a", "51|a"), replication.target().rows(LIVE));
        }
    }
}
