package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.testkit.Ports;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code check --source} warns of; none of it changes the exit status. */
@Tag("long")
@Tag("postgres")
class CheckSourceTest {
    /** Tables that every test database has. */
    private static final String OTHERS = "github.issues,stripe.customers,stripe.subscriptions";

    private static Replication.Result check(Replication replication) throws Exception {
        return replication.run("check", "--source", replication.source().url());
    }

    /** Scaffolds all tables, and returns the warnings that {@code check} has about the source. */
    private static List<String> warnings(Replication replication) throws Exception {
        replication.bundle().set("sequin.ignore", OTHERS);
        Replication.Result scaffolded = replication.scaffold("--table", "public.*", "--apply");
        assertEquals(0, scaffolded.status(), scaffolded.toString());
        Replication.Result checked = check(replication);
        assertEquals(0, checked.status(), checked.toString());
        return checked.lines().stream()
                .filter(line -> line.startsWith("Warning: "))
                .map(line -> line.substring("Warning: ".length()))
                .toList();
    }

    @Test
    void nothingOfATableThatComesWhole() throws Exception {
        try (Replication replication = new Replication("""
                create table plain (id int primary key, n numeric(10, 2)); alter table plain replica identity full;
                create table whole (id int primary key, t text, a int[]); alter table whole replica identity full;
                insert into whole values (1, 'x', '{1,2}'), (2, repeat('x', 4000000), '{}'), (3, null, null), (4, '', '{{1},{2}}');
                create publication all_tables for table plain, whole""")) {
            assertEquals(List.of(), warnings(replication));
        }
    }

    @Test
    void whatDoesNotCome() throws Exception {
        try (Replication replication = new Replication("""
                create table toasted (id int primary key, t text, j jsonb, n int, i inet, s varchar(5));
                create table nothing (id int primary key); alter table nothing replica identity nothing;
                create table by_index (id int primary key, u int not null unique);
                alter table by_index replica identity using index by_index_u_key;
                create table unpublished (id int primary key);
                create table gone (id int primary key);
                create publication p for table toasted, nothing, by_index, gone;
                create table inserted (id int primary key);
                create publication inserts for table inserted with (publish = 'insert')""")) {
            assertEquals(
                    0, replication.scaffold("--table", "public.*", "--apply").status());
            replication.source().execute("drop table gone; alter table by_index drop constraint by_index_pkey");
            assertEquals(
                    List.of(
                            "Warning: public.by_index: it has no primary key, so nothing tells which row a change is of: each"
                                    + " is one of its own; alter table public.by_index add primary key (...)",
                            "Warning: public.by_index: its replica identity is an index, so deletes may come without the"
                                    + " primary key; alter table public.by_index replica identity default",
                            "Warning: public.gone: the source has no such table, so nothing comes for it",
                            "Warning: public.inserted: publication inserts does not publish all inserts, updates and"
                                    + " deletes; alter publication inserts set (publish = 'insert, update, delete')",
                            "Warning: public.nothing: its replica identity is nothing, so updates and deletes fail or do not"
                                    + " come; alter table public.nothing replica identity default",
                            "Warning: public.toasted: an update that leaves a large value as it is comes without it, of t"
                                    + " (text), j (jsonb): a row that is there keeps it, and if none is there the message is"
                                    + " a dead letter; alter table public.toasted replica identity full",
                            "Warning: public.toasted: a backfill sends null for i (inet): a row that comes by a backfill lacks"
                                    + " that until it changes",
                            "Warning: public.unpublished: it is in no publication, so nothing comes for it; alter"
                                    + " publication ... add table public.unpublished",
                            "Warning: a change of a row's key leaves the row under its old key as well, unless the replica"
                                    + " identity is full; it is the default of public.inserted, public.toasted,"
                                    + " public.unpublished",
                            "12 of 12 templates can be used."),
                    check(replication).lines());
        }
    }

    /** What the source has got since, and the replica has not. */
    @Test
    void aColumnThatTheTemplateDoesNotName() throws Exception {
        try (Replication replication = new Replication("""
                create table plain (id int primary key, n int, m int); alter table plain replica identity full;
                create publication p for all tables""")) {
            assertEquals(List.of(), warnings(replication));
            replication.source().execute("alter table plain add \"Extra\" text");
            assertTrue(
                    check(replication)
                            .toString()
                            .contains(
                                    "Warning: public.plain: its template names no \"Extra\", so that is not replicated; add"
                                            + " it to the replica's table, then to the template, as scaffold --force does"),
                    check(replication).toString());
        }
    }

    @Test
    void keysThatDoNotComeAsTheyAre() throws Exception {
        try (Replication replication = new Replication("""
                create table countries (code char(2) primary key); alter table countries replica identity full;
                create table slots (at time primary key); alter table slots replica identity full;
                create table swapped (id int primary key deferrable); alter table swapped replica identity full;
                create publication p for all tables""")) {
            assertEquals(
                    List.of(
                            "public.countries: a backfill sends null for code (character(2)): a row that comes by a backfill lacks"
                                    + " that until it changes",
                            "public.countries: of its key a backfill sends null for code (character(2)), so the rows that it reads"
                                    + " become dead letters; copy them instead, as pg_dump --data-only does: every change is"
                                    + " newer than what was copied",
                            "public.slots: its key comes without fractions of at (time without time zone): rows that differ in"
                                    + " nothing else are one row of the replica",
                            "public.swapped: its primary key is deferrable, so a statement can swap the keys of two rows, and"
                                    + " then one of them is lost; leave the keys of rows as they are, or make it not"
                                    + " deferrable"),
                    warnings(replication));
        }
    }

    @Test
    void rowsThatTheServerDropsAndArraysThatStopIt() throws Exception {
        try (Replication replication = new Replication("""
                create table large (id int primary key, t text, b bytea);
                alter table large alter t set storage external, replica identity full;
                insert into large values (1, repeat('x', 4999000), 'abcd'), (2, repeat('x', 4999000), decode(repeat('61', 1000), 'hex')),
                  (3, null, decode(repeat('61', 3000000), 'hex'));
                create table arrays (id int primary key, "a b" int[], c int[]);
                alter table arrays replica identity full;
                insert into arrays values (1, '[0:1]={1,2}', '{}'), (2, '{1}', '[1:2][2:2]={{1},{2}}'), (3, '{{1,2}}', null);
                create publication p for all tables""")) {
            assertEquals(
                    List.of(
                            "public.arrays: 2 of its first 100000 rows have an array that does not begin at 1 (\"a b\", c),"
                                    + " and a change of one stops the server for the whole database; mend these while it"
                                    + " captures nothing: update public.arrays set \"a b\" = \"a b\"[:], c = c[:]",
                            "public.large: 2 of its first 100000 rows make a message of more than 5000000 bytes, by an"
                                    + " estimate; the server drops these silently"),
                    warnings(replication));
            replication.source().execute("update arrays set \"a b\" = \"a b\"[:], c = c[:]");
            assertFalse(check(replication).toString().contains("public.arrays"), "mended");
            replication.source().execute("insert into arrays values (4, '[0:1]={1,2}'), (5, '[0:1]={1,2}')");
            // it stops the others, too, if it is not one of these collections
            assertEquals(0, replication.scaffold("--table", "public.large").status());
            for (String file : List.of("camel.yaml", "upsert.sql", "delete.sql")) {
                Files.delete(replication.collections().resolve("public-arrays." + file));
            }
            assertTrue(check(replication).toString().contains("public.arrays: 2 of its first"), "published");
            replication.source().execute("drop publication p");
            assertFalse(check(replication).toString().contains("public.arrays"), "not published");
            replication.source().execute("create publication p for all tables");
            assertTrue(
                    check(replication)
                            .toString()
                            .contains(
                                    "published, and without a collection here: public.arrays: what a sink hands out of these"
                                            + " becomes dead letters; scaffold those with a primary key, take others out of the"
                                            + " sink, or set"
                                            + " sequin.ignore=public.arrays"),
                    "no collection");
            replication.bundle().set("sequin.ignore", "public.arrays," + OTHERS);
            assertFalse(check(replication).toString().contains("without a collection"), "ignored");
        }
    }

    @Test
    void partitionsThatArePublishedByTheirOwnNames() throws Exception {
        try (Replication replication = new Replication("""
                create table parts (id int, region text, primary key (id, region)) partition by list (region);
                create table parts_eu partition of parts for values in ('eu');
                alter table parts_eu replica identity full""")) {
            replication.source().execute("create publication p for table " + published(replication));
            assertEquals(
                    List.of(
                            "public.parts: publication p publishes its partitions under their own names, which are other"
                                    + " collections; alter publication p set (publish_via_partition_root = true)"),
                    warnings(replication));
            if (replication.source().majorVersion() > 12) {
                replication.source().execute("alter publication p set (publish_via_partition_root = true)");
                assertEquals(List.of(), warnings(replication));
            }
        }
    }

    private static String published(Replication replication) throws Exception {
        return replication.source().majorVersion() > 12 ? "parts" : "parts_eu";
    }

    @Test
    void aSourceThatMayNotBeReadOrDoesNotAnswer() throws Exception {
        try (Replication replication = new Replication("""
                create table arrays (id int primary key, a int[]);
                create publication p for all tables""")) {
            assertEquals(
                    0, replication.scaffold("--table", "public.*", "--apply").status());
            String role = "reader_" + replication.source().name();
            replication.source().execute("create role " + role + " login");
            Replication.Result result = replication.run(
                    "check",
                    "--source",
                    replication.source().url().replace("user=postgres", ""),
                    "--source-user",
                    role);
            replication.source().execute("drop role " + role);
            assertEquals(0, result.status(), result.toString());
            assertTrue(
                    result.lines().stream().anyMatch(line -> line.contains("which this role may not look at")),
                    result.toString());

            Replication.Result away = replication.run(
                    "check", "--source", "jdbc:postgresql://localhost:" + Ports.free() + "/x?password=secret");
            assertEquals(1, away.status());
            assertTrue(away.toString().contains("--source: "), away.toString());
            assertFalse(away.toString().contains("secret"), away.toString());
            Replication.Result wrong = replication.run("check", "--source", "jdbc:postgresql:/secret@host");
            assertEquals(2, wrong.status());
            assertTrue(wrong.lines().get(0).startsWith("--source must be a JDBC URL such as"), wrong.toString());
            assertFalse(wrong.toString().contains("secret"), wrong.toString());
            Replication.Result unread = replication.run(
                    "check", "--source", replication.source().url(), "--source-password-file", "/no/such/file");
            assertEquals(
                    new Replication.Result(
                            2,
                            List.of(
                                    "--source-password-file names a file that cannot be used: /no/such/file is not there")),
                    unread);
            assertEquals(
                    List.of("--source-user and --source-password-file are for --source, which is missing"),
                    replication.run("check", "--source-user", "x").lines());
        }
    }

    @Test
    void theConsumeApiHasNoSource() throws Exception {
        try (Replication replication = new Replication("select 1")) {
            replication.bundle().set("sequin.api", "consume");
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Warning: --source is for the Stream API, and sequin.api is consume",
                                    "Warning: there is no collection in " + replication.routes()
                                            + "/collections: every message becomes a dead letter; scaffold writes them",
                                    "0 of 0 templates can be used.")),
                    check(replication));
        }
    }
}
