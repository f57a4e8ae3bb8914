package io.github.sequinroutes.cli;

import static io.github.sequinroutes.message.Outcome.WRITTEN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/promises.md 69: of the rows that a backfill reads. It sends null for values of some types, whatever they are: that
 * means that they are not known.
 */
@Tag("postgres")
class BackfillReadTest {
    private static final String TYPES = "create type mood as enum ('sad', 'ok'); create type pair as (a int, b int); ";

    private static String change(String action, String version, String price, String name) {
        return Replication.change(
                action, "items", "1", version, "{\"id\": 1, \"name\": %s, \"price\": %s}".formatted(name, price));
    }

    private static Replication replication(String table, String... options) throws Exception {
        Replication replication = new Replication(TYPES + table);
        String[] all = new String[options.length + 3];
        System.arraycopy(options, 0, all, 3, options.length);
        all[0] = "--table";
        all[1] = "public.items";
        all[2] = "--apply";
        assertEquals(0, replication.scaffold(all).status());
        return replication;
    }

    /** A row that was there before, such as of a copy: it keeps what is not known, and takes the rest. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "money | $1.50",
                "char(3) | abc",
                "mood[] | {sad,ok}",
                "int4range | [1,5)",
                "bit(2) | 10",
                "varbit | 101",
                "xml | <a/>",
                "inet | 10.0.0.1",
                "cidr | 10.0.0.0/8",
                "macaddr | 08:00:2b:01:02:03",
                "point | (1,2)",
                "pair | (1,2)",
                "money[] | {$1.50}"
            })
    void aRowThatIsThereKeepsWhatIsNotKnown(String type, String value) throws Exception {
        try (Replication replication =
                replication("create table items (id int primary key, name text, price " + type + ")")) {
            replication.target().execute("insert into items values (1, 'old', '" + value + "')");
            assertEquals(List.of(WRITTEN), replication.send(List.of(change("read", "", "null", "null"))));
            assertEquals(List.of("1|~|" + value), replication.target().rows("select id, name, price from items"));
        }
    }

    /** What a backfill can send as it is: null is null. */
    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int | 5",
                "numeric | 1.50",
                "text | x",
                "date | 2024-01-01",
                "jsonb | {}",
                "mood | sad",
                "int[] | {1}",
                "bytea | \\\\x00",
                "interval | 1 day",
                "uuid | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
            })
    void ofOtherTypesNullIsNull(String type, String value) throws Exception {
        try (Replication replication =
                replication("create table items (id int primary key, name text, price " + type + ")")) {
            replication.target().execute("insert into items values (1, 'old', '" + value + "')");
            replication.send(List.of(change("read", "", "null", "\"new\"")));
            assertEquals(List.of("1|new|~"), replication.target().rows("select id, name, price from items"));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChangeCompletesARowThatWasRead(boolean soft) throws Exception {
        String[] options = soft ? new String[] {"--soft-deletes"} : new String[0];
        try (Replication replication =
                replication("create table items (id int primary key, name text, price money)", options)) {
            replication.send(List.of(change("read", "", "null", "\"a\"")));
            assertEquals(List.of("1|a|~"), replication.target().rows("select id, name, price from items"));
            replication.send(List.of(change("update", "10.0", "\"$2.00\"", "\"b\"")));
            replication.send(List.of(change("read", "", "null", "\"a\"")));
            assertEquals(List.of("1|b|$2.00"), replication.target().rows("select id, name, price from items"));
        }
    }

    /** The replica may insist on a value: then only a row that is not there needs it. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aColumnThatMustHaveAValue(boolean isThere) throws Exception {
        try (Replication replication = replication("create table items (id int primary key, name text, price money)")) {
            replication.target().execute("alter table items alter price set not null");
            if (isThere) {
                replication.target().execute("insert into items values (1, 'old', '$1.50')");
            }
            replication.send(List.of(change("read", "", "null", "\"a\"")));
            assertEquals(
                    isThere ? List.of("1|a|$1.50") : List.of(),
                    replication.target().rows("select id, name, price from items"));
            assertEquals(
                    isThere ? List.of() : List.of("rejected|23502"),
                    replication.target().rows("select reason, sqlstate from sequin.dead_letters"));
        }
    }

    private static String read(int id) {
        return Replication.change(
                "read", "items", "" + id, "", "{\"id\": %d, \"name\": \"read\", \"body\": null}".formatted(id));
    }

    private static String row(String action, int id, String version, String name, String body) {
        String record = "{\"id\": %d, \"name\": \"%s\", \"body\": \"%s\"}".formatted(id, name, body);
        return Replication.change(action, "items", "" + id, version, record)
                .replace("\"changes\": null", action.equals("update") ? "\"changes\": {}" : "\"changes\": null");
    }

    /** As after a restore of the replica, or where it was truncated: the ledger knows rows that are not there. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "on conflict (id) do update set name = excluded.name, body = excluded.body",
                "on conflict on constraint items_pkey do update set name = excluded.name, body = excluded.body"
                        + " where items.id > 0 -- no more",
                "on conflict (id) where true do update set name = excluded.name, body = excluded.body"
            })
    void aRowThatIsNotThereIsFilledInThoughTheLedgerKnowsIt(String tail) throws Exception {
        boolean isKnownShape = !tail.contains("where true");
        try (Replication replication = replication("create table items (id int primary key, name text, body xml)")) {
            replication.write(
                    "routes/collections/public-items.upsert.sql",
                    "insert into items (id, name, body) values (:#record.id, :#record.name, :#record.body)\n" + tail);
            replication.send(List.of(
                    row("insert", 1, "10.0", "a", "<a/>"),
                    row("insert", 2, "10.1", "a", "<a/>"),
                    row("insert", 3, "10.2", "a", "<a/>"),
                    row("insert", 4, "10.3", "a", "<a/>")));
            replication.send(List.of(row("delete", 3, "11.0", "a", "<a/>")));
            List<String> versions =
                    replication.target().rows("select id, version, deleted from sequin.versions order by 1");
            replication.target().execute("delete from items where id in (1, 4)");
            assertEquals(
                    List.of(WRITTEN, WRITTEN, WRITTEN, WRITTEN),
                    replication.send(List.of(read(1), read(2), read(3), read(5))));
            assertEquals(
                    isKnownShape ? List.of("1|read|~", "2|a|<a/>", "5|read|~") : List.of("2|a|<a/>", "5|read|~"),
                    replication.target().rows("select id, name, body from items order by id"));
            assertEquals(
                    versions,
                    replication
                            .target()
                            .rows("select id, version, deleted from sequin.versions where id <> '5' order by 1"));
            if (isKnownShape) {
                // what its error says of an update to such a row helps
                replication.send(List.of(row("update", 4, "12.0", "b", "unchanged_toast")));
                assertEquals(
                        List.of("4|02000"),
                        replication.target().rows("select record_id, sqlstate from sequin.dead_letters"));
                replication.send(List.of(read(4).replace("\"body\": null", "\"body\": \"<b/>\"")));
                assertEquals(0, replication.run("replay", "--all").status());
                assertEquals(
                        List.of("4|b|<b/>"),
                        replication.target().rows("select id, name, body from items where id = 4"));
            }
        }
    }
}
