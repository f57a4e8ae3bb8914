package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code scaffold} writes, and what it leaves alone. */
@Tag("postgres")
class ScaffoldCommandTest {
    private static final String ORDERS = """
            create table orders (id bigint generated always as identity primary key, customer text not null default 'x',
              price money not null, total int generated always as (length(customer)) stored, check (customer <> ''))""";

    /** The columns of all tables but the shipped ones: name, type, whether generated and not null. */
    private static final String COLUMNS = """
            select c.relname, a.attname, format_type(atttypid, atttypmod), attgenerated
            from pg_attribute a join pg_class c on c.oid = attrelid join pg_namespace n on n.oid = relnamespace
            where attnum > 0 and not attisdropped and relkind in ('r', 'p') and not relispartition and relpersistence = 'p'
              and nspname in ('public', 'Odd') and relname <> 'nopk' order by 1, attnum""";

    /** As the recordings' tables are, and others that need care. */
    private static String tables() throws Exception {
        return Files.readString(Path.of("src/test/resources/stream-recordings/tables.sql")) + """
                create schema "Odd";
                create type "Odd"."order" as enum ('it''s', '$$', 'x');
                create domain "Odd".moods as public.mood[] not null check (cardinality(value) < 9);
                create type "Odd".floats as range (subtype = float8);
                create type "Odd".pair as (a "Odd"."order", b "Odd".moods);
                create table "Odd"."Order.Items" ("select" int, "First Name" text not null, "a""b" int, "ü$1" "Odd".pair[],
                  kind "Odd"."order" not null, moods "Odd".moods, span "Odd".floats, "case" text generated always as ("First Name" || '!') stored,
                  primary key ("select", "First Name"));
                create table "user" (id int generated always as identity primary key, "group" int not null);
                create table only_key (a int, b uuid, primary key (b, a));
                create table parts (id int, region text, v text, primary key (id, region)) partition by list (region);
                create table parts_eu partition of parts for values in ('eu');
                create table parts_us partition of parts for values in ('us');
                create unlogged table cache (id int primary key);
                create view seen as select * from products;""";
    }

    @Tag("long")
    @Test
    void everyTableThatCanBeReplicated() throws Exception {
        try (Replication replication = new Replication(tables())) {
            Replication.Result result = replication.scaffold(
                    "--table", "public.*", "--table", "public.parts_eu", "--table", "\"Odd\".*", "--apply");
            assertEquals(0, result.status(), result.toString());
            assertTrue(
                    result.lines().stream()
                            .anyMatch(
                                    line -> line.startsWith("Warning: public.parts_eu is a partition of public.parts")),
                    result.toString());
            assertTrue(
                    result.lines().stream()
                            .anyMatch(line -> line.startsWith("Skipped public.nopk: it has no primary key")),
                    result.toString());
            assertTrue(
                    result.lines().stream().anyMatch(line -> line.startsWith("Skipped public.cache: it is unlogged")),
                    result.toString());

            Replication.Result check = replication.run("check");
            assertEquals(new Replication.Result(0, List.of("18 of 18 templates can be used.")), check);
            assertEquals(
                    replication.source().rows(COLUMNS), replication.target().rows(COLUMNS));
            // twice: the files are left, and their DDL changes nothing
            Replication.Result again = replication.scaffold("--table", "public.*", "--table", "Odd.*", "--apply");
            assertEquals(0, again.status(), again.toString());
            assertTrue(again.lines().stream().noneMatch(line -> line.startsWith("Written")), again.toString());
        }
    }

    @Test
    void whatItWritesAndHowItIsApplied() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Warning: public.orders: a backfill sends null for price (money): of a row that it has"
                                            + " read they are complete once the row has changed",
                                    "Written schema/public-orders.sql",
                                    "Written routes/collections/public-orders.upsert.sql",
                                    "Written routes/collections/public-orders.delete.sql",
                                    "Written routes/collections/public-orders.camel.yaml",
                                    "The target needs these first, with --apply, or with psql -f"
                                            + " schema/public-orders.sql")),
                    replication.scaffold("--table", "public.orders"));
            assertEquals("~", replication.target().value("select to_regclass('public.orders')"));
            assertEquals("""
                    -- A replica of public.orders: without defaults, checks and foreign keys, which its source has seen to.
                    create table if not exists public.orders (
                      id bigint,
                      customer text not null,
                      price money, -- not null in the source, but a backfill sends null for its type
                      total integer generated always as (length(customer)) stored,
                      primary key (id)
                    );
                    """, replication.file("schema/public-orders.sql"));
            assertEquals("""
                    insert into public.orders as t (id, customer, price)
                    values (:#record.id, :#record.customer, :#record.price)
                    on conflict (id) do update set
                      customer = excluded.customer,
                      price = excluded.price
                    """, replication.file("routes/collections/public-orders.upsert.sql"));
            assertEquals("""
                    delete from public.orders where id = :#record.id
                    """, replication.file("routes/collections/public-orders.delete.sql"));
            assertEquals("""
                    - templatedRoute:
                        routeTemplateRef: collection
                        routeId: public-orders
                        parameters:
                          - name: collection
                            value: "public.orders"
                          - name: upsert
                            value: public-orders.upsert.sql
                          - name: delete
                            value: public-orders.delete.sql
                          - name: guard
                            value: ledger
                    """, replication.file("routes/collections/public-orders.camel.yaml"));

            // what the user has made of a file stays, and is what is applied
            String edited = replication.file("schema/public-orders.sql").replace("price money", "price numeric");
            replication.write("schema/public-orders.sql", edited);
            Replication.Result applied = replication.scaffold("--table", "orders", "--apply");
            assertEquals(0, applied.status(), applied.toString());
            assertTrue(applied.lines().contains("Left as it was schema/public-orders.sql"), applied.toString());
            assertTrue(applied.lines().contains("Applied schema/public-orders.sql"), applied.toString());
            assertEquals(edited, replication.file("schema/public-orders.sql"));
            assertEquals(
                    "numeric",
                    replication
                            .target()
                            .value("select pg_typeof(price) from (select price from orders union all select null) o"));
        }
    }

    @Tag("long")
    @Test
    void whatCannotBeAppliedChangesNothing() throws Exception {
        try (Replication replication = new Replication("""
                create table a (id int primary key); create table b (id int primary key);
                create function f(int) returns int immutable language sql as 'select $1';
                create table z (id int primary key, g int generated always as (f(id)) stored)""")) {
            Replication.Result result = replication.scaffold("--table", "public.*", "--apply");
            assertEquals(1, result.status());
            String last = result.lines().get(result.lines().size() - 1);
            assertTrue(last.startsWith("schema/public-z.sql cannot be applied: "), last);
            assertTrue(last.endsWith("(SQLSTATE 42883)"), last);
            assertEquals("0", replication.target().value("select count(*) from pg_tables where schemaname = 'public'"));
            assertTrue(last.contains("mend the file, or remove it, and run this again"), last);
            // no route is there before its table: it would be paused
            assertEquals(
                    List.of("schema/public-a.sql", "schema/public-b.sql", "schema/public-z.sql"), replication.files());
            // and none of another kind than its table
            assertTrue(
                    replication
                            .scaffold("--table", "public.a", "--soft-deletes")
                            .toString()
                            .contains(
                                    "Skipped public.a: its files are for deletes that remove rows; remove schema/public-a.sql"),
                    "of another kind");
        }
    }

    @Test
    void anUnknownTableIsAnErrorWithTheNearestNames() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            assertEquals(
                    new Replication.Result(
                            2,
                            List.of(
                                    "--table public.ordrs: there is no such table; the nearest: public.orders, github.issues, stripe.customers")),
                    replication.scaffold("--table", "public.ordrs", "--table", "public.order?"));
            assertEquals(List.of(), replication.files());
            assertEquals(2, replication.scaffold("--table", "a.b.c").status());
            assertEquals(2, replication.scaffold("--table", "\"a").status());
            assertEquals(2, replication.scaffold().status());
        }
    }

    @Tag("long")
    @Test
    void aTableThatIsNotPublishedIsWarnedOf() throws Exception {
        try (Replication replication =
                new Replication("create table a (id int primary key); create table b (id int primary key);"
                        + " create publication p for table a")) {
            Replication.Result result = replication.scaffold("--table", "public.*");
            assertEquals(
                    "Warning: public.b: it is in no publication, so nothing comes for it; alter publication ... add table"
                            + " public.b",
                    result.lines().get(0));
        }
    }

    @Test
    void aTableWithoutAKeyThatWasAskedForByNameFails() throws Exception {
        try (Replication replication = new Replication("create table nopk (a int, b text)")) {
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of(
                                    "Skipped public.nopk: it has no primary key, and nothing tells which row a change is of;"
                                            + " alter table public.nopk add primary key (...), or take it out of the sink, or"
                                            + " set sequin.ignore=public.nopk")),
                    replication.scaffold("--table", "public.nopk"));
        }
    }

    @Test
    void aTargetThatIsThereIsTakenAsItIs() throws Exception {
        try (Replication replication = new Replication("""
                create table orders (id int primary key, a int, b inet not null, c int);
                create table other (id int primary key, a int)""")) {
            replication.target().execute("""
                    create table orders (id int generated always as identity unique, c int generated always as (1) stored,
                      b inet not null, own int);
                    create table other (id int, a int)""");
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Warning: public.orders: a backfill sends null for b (inet): of a row that it has read"
                                            + " they are complete once the row has changed",
                                    "Warning: public.orders: the table in the target has no a (integer), so the templates"
                                            + " leave that out",
                                    "Warning: public.orders: the table in the target has not null on b (inet), so rows that"
                                            + " a backfill reads become dead letters; drop that constraint",
                                    "Skipped public.other: the table in the target has no primary key or unique index on"
                                            + " (id), by which a row is found; create one",
                                    "Written routes/collections/public-orders.upsert.sql",
                                    "Written routes/collections/public-orders.delete.sql",
                                    "Written routes/collections/public-orders.camel.yaml")),
                    replication.scaffold("--table", "public.*"));
            assertEquals("""
                    insert into public.orders as t (id, b)
                    overriding system value
                    values (:#record.id, :#record.b)
                    on conflict (id) do update set
                      b = excluded.b
                    """, replication.file("routes/collections/public-orders.upsert.sql"));
            assertEquals(new Replication.Result(0, List.of("2 of 2 templates can be used.")), replication.run("check"));
        }
    }

    @Test
    void withoutASourceTheTablesAreThoseOfTheTarget() throws Exception {
        try (Replication replication = new Replication("select 1")) {
            replication.target().execute(ORDERS);
            Replication.Result result = replication.run("scaffold", "--table", "public.orders");
            assertEquals(0, result.status(), result.toString());
            assertEquals(new Replication.Result(0, List.of("2 of 2 templates can be used.")), replication.run("check"));
        }
    }

    @Test
    void whereItCannotWriteIsWrongConfiguration() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            replication.bundle().set("sequin.api", "consume").set("sequin.routes", "classpath:nowhere");
            assertEquals(
                    new Replication.Result(
                            2,
                            List.of("sequin.routes is on the class path, where nothing can be written: name a folder")),
                    replication.scaffold("--table", "public.orders"));
            replication.bundle().set("sequin.bundles", "east, west").set("sequin.east.consumer", "e");
            replication.bundle().set("sequin.west.consumer", "w");
            replication.bundle().properties().remove("sequin.consumer");
            Replication.Result several = replication.scaffold("--table", "public.orders");
            assertEquals(2, several.status());
            assertTrue(
                    several.lines().get(0).equals("Say whose collections: --bundle with one of east, west"),
                    several.toString());
        }
    }

    @Test
    void theConsumeApiIsWarnedOf() throws Exception {
        try (Replication replication = new Replication(ORDERS)) {
            replication.bundle().set("sequin.api", "consume");
            Replication.Result result = replication.scaffold("--table", "public.orders");
            assertEquals(0, result.status(), result.toString());
            assertEquals(
                    "Warning: what is written is for the Stream API, and sequin.api is consume; set sequin.api=stream",
                    result.lines().get(0));
        }
    }
}
