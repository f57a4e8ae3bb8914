package io.github.sequinroutes.cli;

import static io.github.sequinroutes.cli.Replication.change;
import static io.github.sequinroutes.message.Outcome.DEAD_LETTERED;
import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/promises.md 70: an update that leaves out what a dead letter would have brought must not look as if its row had it. */
@Tag("postgres")
class ForsakenUpdatesTest {
    private static final String ROWS = "select id, title, body from articles order by id";
    private static final String NOT_BAD = "alter table articles add constraint c check (title <> 'bad')";
    private static final String ANYTHING = "alter table articles drop constraint c";

    private static String article(String action, int id, String version, String title, String body) {
        return change(
                action,
                "articles",
                Integer.toString(id),
                version,
                "{\"id\": %d, \"title\": \"%s\", \"body\": \"%s\"}".formatted(id, title, body));
    }

    private static String update(String version, String title, String body) {
        return article("update", 1, version, title, body);
    }

    /** With the rows 1 and 2, in a target that refuses the title bad. */
    private static Replication replication(boolean softDeletes) throws Exception {
        Replication replication = new Replication("create table articles (id int primary key, title text, body text)");
        Replication.Result written = softDeletes
                ? replication.scaffold("--table", "articles", "--apply", "--soft-deletes")
                : replication.scaffold("--table", "articles", "--apply");
        assertEquals(0, written.status());
        replication.send(List.of(article("insert", 1, "10.0", "a", "old"), article("insert", 2, "10.1", "a", "other")));
        replication.target().execute(NOT_BAD);
        return replication;
    }

    private static void replay(Replication replication) throws Exception {
        assertEquals(0, replication.run("replay", "--all").status());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inTheSameBatch(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(
                    List.of(DEAD_LETTERED, DEAD_LETTERED),
                    replication.send(List.of(update("11.0", "bad", "new"), update("12.0", "good", "unchanged_toast"))));
            assertEquals(List.of("1|a|old", "2|a|other"), replication.target().rows(ROWS));
            replication.target().execute(ANYTHING);
            replay(replication);
            assertEquals(
                    List.of("1|good|new", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    /** It is tried again once another row is written, which does not make it less of a dead letter. */
    @Test
    void ofARowThatIsDeletedBefore() throws Exception {
        try (Replication replication = replication(false)) {
            assertEquals(
                    List.of(WRITTEN, DEAD_LETTERED, WRITTEN),
                    replication.send(List.of(
                            article("delete", 1, "11.0", "", ""),
                            update("12.0", "good", "unchanged_toast"),
                            article("update", 2, "13.0", "b", "new"))));
            assertEquals(List.of("2|b|new"), replication.target().rows(ROWS));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void inLaterBatches(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(List.of(DEAD_LETTERED), replication.send(List.of(update("11.0", "bad", "new"))));
            assertEquals(
                    List.of(DEAD_LETTERED, WRITTEN),
                    replication.send(List.of(
                            update("11.1", "good", "unchanged_toast"),
                            article("update", 2, "11.2", "b", "unchanged_toast"))));
            assertEquals(
                    List.of(DEAD_LETTERED), replication.send(List.of(update("12.0", "better", "unchanged_toast"))));
            assertEquals(List.of("1|a|old", "2|b|other"), replication.target().rows(ROWS));
            String error = replication
                    .target()
                    .value("select distinct error from sequin.dead_letters where sqlstate = '02000'");
            assertTrue(error.contains("since an older version of its row, which is dead letter 1: replay both"), error);
            // the newest alone would have the row look new
            String newest = replication.target().value("select max(id) from sequin.dead_letters");
            replication.run("replay", "--id", newest);
            assertEquals(List.of("1|a|old", "2|b|other"), replication.target().rows(ROWS));
            replication.target().execute(ANYTHING);
            replay(replication);
            assertEquals(
                    List.of("1|better|new", "2|b|other"), replication.target().rows(ROWS));
            assertEquals(List.of(WRITTEN), replication.send(List.of(update("13.0", "best", "unchanged_toast"))));
            assertEquals(
                    List.of("1|best|new", "2|b|other"), replication.target().rows(ROWS));
        }
    }

    @Test
    void thatAnotherConsumerHasLeft() throws Exception {
        try (Replication replication = replication(true)) {
            replication.send(List.of(update("11.0", "bad", "new")));
            replication.target().execute("update sequin.dead_letters set consumer = 'before'");
            assertEquals(List.of(DEAD_LETTERED), replication.send(List.of(update("12.0", "good", "unchanged_toast"))));
            assertEquals(List.of("1|a|old", "2|a|other"), replication.target().rows(ROWS));
            List<String> told = replication.run("replay").lines();
            assertTrue(told.get(told.size() - 1).endsWith("its dead letters: before 1"), told.toString());
            assertTrue(
                    told.toString().contains("is dead letter 1 of the consumer before: replay both"), told.toString());
        }
    }

    /** The key of a row is the same whichever way a message writes it. */
    @Test
    void underAKeyThatIsWrittenInAnotherWay() throws Exception {
        String row = "{\"id\": %s, \"title\": \"%s\", \"body\": \"%s\"}";
        try (Replication replication =
                new Replication("create table articles (id numeric primary key, title text, body text)")) {
            replication.scaffold("--table", "articles", "--apply");
            replication.target().execute(NOT_BAD);
            replication.send(List.of(change("insert", "articles", "1.50", "10.0", row.formatted("1.50", "a", "old"))));
            List<String> bad =
                    List.of(change("update", "articles", "1.50", "11.0", row.formatted("1.50", "bad", "new")));
            assertEquals(List.of(DEAD_LETTERED), replication.send(bad));
            assertEquals(
                    List.of(DEAD_LETTERED),
                    replication.send(List.of(change(
                            "update", "articles", "1.5", "12.0", row.formatted("1.5", "good", "unchanged_toast")))));
            assertEquals(List.of("1.50|a|old"), replication.target().rows(ROWS));
        }
    }

    /** One that has all values needs no other, and those after it need only that. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterAWholeVersion(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            replication.send(List.of(update("11.0", "bad", "new")));
            replication.send(List.of(update("12.0", "good", "newer"), update("12.1", "better", "unchanged_toast")));
            assertEquals(
                    List.of("1|better|newer", "2|a|other"), replication.target().rows(ROWS));
            assertEquals(List.of(WRITTEN), replication.send(List.of(update("13.0", "best", "unchanged_toast"))));
            replication.target().execute(ANYTHING);
            replay(replication);
            assertEquals(
                    List.of("1|best|newer", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    /** A dead letter that has left out the same value is no reason to wait. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterOneThatLeftItOutAsWell(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(List.of(DEAD_LETTERED), replication.send(List.of(update("11.0", "bad", "unchanged_toast"))));
            assertEquals(List.of(WRITTEN), replication.send(List.of(update("12.0", "good", "unchanged_toast"))));
            assertEquals(
                    List.of("1|good|old", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterOneOfTheSameBatchThatLeftItOutAsWell(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(
                    List.of(DEAD_LETTERED, WRITTEN),
                    replication.send(List.of(
                            update("11.0", "bad", "unchanged_toast"), update("12.0", "good", "unchanged_toast"))));
            assertEquals(
                    List.of("1|good|old", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    /** Between it and the dead letter that has its value is one that left it out as well, and became a dead letter for that. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterTwoOfWhichTheFirstHasItsValue(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(
                    List.of(DEAD_LETTERED, DEAD_LETTERED, DEAD_LETTERED),
                    replication.send(List.of(
                            update("11.0", "bad", "new"),
                            update("11.1", "good", "unchanged_toast"),
                            update("11.2", "better", "unchanged_toast"))));
            assertEquals(
                    List.of(DEAD_LETTERED, DEAD_LETTERED),
                    replication.send(List.of(
                            update("12.0", "best", "unchanged_toast"), update("12.1", "top", "unchanged_toast"))));
            assertEquals(List.of("1|a|old", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    /** The newest of a batch is rejected; the next older one lacks a value that the one before it brings. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofWhichANewerOneIsRejected(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            assertEquals(
                    List.of(WRITTEN, WRITTEN, DEAD_LETTERED),
                    replication.send(List.of(
                            update("11.0", "b", "new"),
                            update("11.1", "c", "unchanged_toast"),
                            update("11.2", "bad", "newer"))));
            assertEquals(List.of("1|c|new", "2|a|other"), replication.target().rows(ROWS));
        }
    }

    /** Who discards the older one says that the row may keep the values of before. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenTheOlderOneIsDiscarded(boolean softDeletes) throws Exception {
        try (Replication replication = replication(softDeletes)) {
            replication.send(List.of(update("11.0", "bad", "new")));
            replication.send(List.of(update("12.0", "good", "unchanged_toast")));
            String oldest = replication.target().value("select min(id) from sequin.dead_letters");
            assertEquals(
                    0, replication.run("replay", "--discard", "--id", oldest).status());
            replay(replication);
            assertEquals(
                    List.of("1|good|old", "2|a|other"), replication.target().rows(ROWS));
        }
    }
}
