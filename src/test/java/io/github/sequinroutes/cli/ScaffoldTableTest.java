package io.github.sequinroutes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.sequinroutes.TestRecord;
import io.github.sequinroutes.sandbox.SampleRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code scaffold} for a table that is there: its columns become paths, matched to the records if some are given. */
@Tag("postgres")
class ScaffoldTableTest {
    private static final String TABLES = """
            create schema acme;
            create table acme.orders (id text primary key, updated_idx bigint, deleted boolean, customer text, "Total" numeric,
              data jsonb, inserted_at timestamptz not null default now(), row_no bigint generated always as identity,
              twice numeric generated always as ("Total" * 2) stored);
            create table acme.strict (id bigserial primary key, upstream_id text unique, updated_idx bigint not null,
              deleted boolean not null, acme_customer_id text not null, starts_at timestamptz not null, ends_on date,
              gone_at timestamp, color text, internal_id text);
            create table acme.bare (sequin_id varchar(50) primary key, total numeric not null);
            create table acme.keyless (id int primary key, total numeric);
            create table acme.short (id text primary key, updated_idx int, deleted boolean);
            create domain acme.version as bigint;
            create domain acme.filled as text not null;
            create domain acme.title as acme.filled;
            create table acme.counted (id text primary key, updated_idx numeric(20) not null, deleted integer not null, customer text);
            create table acme.worded (id text primary key, updated_idx acme.version, deleted text, customer acme.title);
            create table acme.tight (id text primary key, updated_idx int not null)""";

    private static final String STRICT = TestRecord.of("acme:strict", "a", 2, """
            {"customer": {"id": "c"}, "startsAt": 1767225600, "ends_on": 1767225600000, "gone_at": "", "hue": "red"}""");

    private static String deletion(String collection, String id, long version) {
        String upstream = "up-" + id;
        return "{\"collection_id\": \"%s\", \"id\": \"%s\", \"updated_idx\": %d, \"deleted\": true, \"upstream_id\": \"%s\"}"
                .formatted(collection, id, version, upstream);
    }

    @Tag("long")
    @Test
    void columnsBecomePaths() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.target().execute(TABLES);
            replication.write("sample.jsonl", STRICT);
            assertEquals(
                    new Replication.Result(
                            0,
                            List.of(
                                    "Written routes/collections/acme-order.upsert.sql",
                                    "Written routes/collections/acme-order.camel.yaml")),
                    replication.run("scaffold", "acme:order", "--table", "acme.orders"));
            assertEquals("""
                    -- One record of acme:order. A deletion marks the row: what was known of the record stays.
                    -- Without inserted_at: it has a default.
                    insert into acme.orders as t
                      (id, updated_idx, deleted, customer, "Total", data)
                    values
                      (:#id, :#updated_idx, :#deleted, :#data.customer, :#data.Total, :#data)
                    on conflict (id) do update set
                      updated_idx = excluded.updated_idx,
                      deleted = excluded.deleted,
                      customer = case when excluded.deleted then t.customer else excluded.customer end,
                      "Total" = case when excluded.deleted then t."Total" else excluded."Total" end,
                      data = case when excluded.deleted then t.data else excluded.data end
                    where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
                    """, replication.file("routes/collections/acme-order.upsert.sql"));

            Replication.Result strict = replication.run(
                    "scaffold", "acme:strict", "--table", "acme.strict", "--sample", replication.path("sample.jsonl"));
            assertEquals(0, strict.status(), strict.toString());
            assertFalse(strict.toString().contains("Warning"), strict.toString());
            assertEquals("""
                    -- One record of acme:strict.
                    -- Without id: it is the table's own.
                    -- Without color: no field of the records fits.
                    insert into acme.strict as t
                      (upstream_id, updated_idx, deleted, acme_customer_id, starts_at, ends_on, gone_at, internal_id)
                    values
                      (:#upstream_id, :#updated_idx, false, :#data.customer.id, to_timestamp(:#data.startsAt),
                       cast(to_timestamp(:#data.ends_on / 1000.0) at time zone 'UTC' as date),
                       cast(nullif(:#data.gone_at, '') as timestamp without time zone), :#sync.external_id)
                    on conflict (upstream_id) do update set
                      updated_idx = excluded.updated_idx,
                      deleted = excluded.deleted,
                      acme_customer_id = excluded.acme_customer_id,
                      starts_at = excluded.starts_at,
                      ends_on = excluded.ends_on,
                      gone_at = excluded.gone_at,
                      internal_id = excluded.internal_id
                    where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
                    """, replication.file("routes/collections/acme-strict.upsert.sql"));
            assertEquals("""
                    -- A deletion marks the row: its columns could not be without the values that a deletion lacks.
                    update acme.strict set deleted = true, updated_idx = :#updated_idx
                    where upstream_id = :#upstream_id and (updated_idx is null or updated_idx <= :#updated_idx)
                    """, replication.file("routes/collections/acme-strict.delete.sql"));

            Replication.Result bare = replication.run("scaffold", "acme:bare", "--table", "acme.bare");
            assertEquals(
                    "Warning: acme.bare: it has no column updated_idx bigint, so the ledger keeps the versions",
                    bare.lines().get(0));
            assertEquals("""
                    delete from acme.bare where sequin_id = :#id
                    """, replication.file("routes/collections/acme-bare.delete.sql"));
            assertTrue(
                    replication.file("routes/collections/acme-bare.camel.yaml").endsWith("value: ledger\n"));

            Replication.Result counted = replication.run("scaffold", "acme:counted", "--table", "acme.counted");
            assertFalse(counted.toString().contains("Warning"), counted.toString());
            assertEquals("""
                    -- One record of acme:counted. A deletion marks the row: what was known of the record stays.
                    insert into acme.counted as t
                      (id, updated_idx, deleted, customer)
                    values
                      (:#id, :#updated_idx, case when :#deleted then 1 else 0 end, :#data.customer)
                    on conflict (id) do update set
                      updated_idx = excluded.updated_idx,
                      deleted = excluded.deleted,
                      customer = case when excluded.deleted = 1 then t.customer else excluded.customer end
                    where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
                    """, replication.file("routes/collections/acme-counted.upsert.sql"));
            Replication.Result worded = replication.run("scaffold", "acme:worded", "--table", "acme.worded");
            assertFalse(worded.toString().contains("Warning"), worded.toString());
            assertTrue(
                    replication
                            .file("routes/collections/acme-worded.delete.sql")
                            .contains("set deleted = 'true', updated_idx = :#updated_idx"),
                    replication.file("routes/collections/acme-worded.delete.sql"));
            // without a guard that check would refuse
            replication.run("scaffold", "acme:short", "--table", "acme.short");
            assertFalse(
                    replication.file("routes/collections/acme-short.upsert.sql").contains("t.updated_idx"));

            assertEquals(new Replication.Result(0, List.of("9 of 9 templates can be used.")), replication.run("check"));
            sync(replication);
        }
    }

    /** As Prisma names columns, and others their soft deletes. */
    @Tag("long")
    @Test
    void otherNamesForTheSame() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.target().execute("""
                    create table "Order" (id text primary key, "updatedIdx" bigint, "deletedAt" timestamptz, "syncId" text,
                      total numeric);
                    create table strict (id text primary key, updated_idx bigint, deleted_at timestamp, total numeric not null);
                    create view seen as select * from strict""");
            Replication.Result written = replication.run("scaffold", "acme:order", "--table", "public.\"Order\"");
            assertEquals(0, written.status(), written.toString());
            assertFalse(written.toString().contains("Warning"), written.toString());
            assertEquals("""
                    -- One record of acme:order. A deletion marks the row: what was known of the record stays.
                    insert into public."Order" as t
                      (id, "updatedIdx", "deletedAt", "syncId", total)
                    values
                      (:#id, :#updated_idx, case when :#deleted then now() end, :#sync.id, :#data.total)
                    on conflict (id) do update set
                      "updatedIdx" = excluded."updatedIdx",
                      "deletedAt" = case when excluded."deletedAt" is not null then coalesce(t."deletedAt", excluded."deletedAt") end,
                      "syncId" = case when excluded."deletedAt" is not null then t."syncId" else excluded."syncId" end,
                      total = case when excluded."deletedAt" is not null then t.total else excluded.total end
                    where t."updatedIdx" is null or t."updatedIdx" <= excluded."updatedIdx"
                    """, replication.file("routes/collections/acme-order.upsert.sql"));
            assertEquals(
                    0,
                    replication
                            .run("scaffold", "acme:strict", "--table", "strict")
                            .status());
            assertEquals("""
                    -- A deletion marks the row: its columns could not be without the values that a deletion lacks.
                    update public.strict set deleted_at = coalesce(deleted_at, now()), updated_idx = :#updated_idx
                    where id = :#id and (updated_idx is null or updated_idx <= :#updated_idx)
                    """, replication.file("routes/collections/acme-strict.delete.sql"));
            assertEquals(
                    new Replication.Result(
                            2,
                            List.of(
                                    "--table seen: that is a view, which has no key to write by; name the table behind it")),
                    replication.run("scaffold", "acme:seen", "--table", "seen"));
            assertEquals(new Replication.Result(0, List.of("3 of 3 templates can be used.")), replication.run("check"));

            replication.bundle().start();
            String rows = "select 'o', id, \"updatedIdx\", \"deletedAt\" is not null, total from \"Order\" union all"
                    + " select 's', id, updated_idx, deleted_at is not null, total from strict order by 1";
            for (String collection : List.of("acme:order", "acme:strict")) {
                replication.bundle().offer(TestRecord.of(collection, "a", 2, "{\"total\": 1}"));
            }
            replication.bundle().awaitDrained();
            replication
                    .bundle()
                    .offer(deletion("acme:order", "a", 3), deletion("acme:strict", "a", 3))
                    .awaitDrained();
            assertEquals(List.of("o|a|3|t|1", "s|a|3|t|1"), replication.target().rows(rows));
            for (String collection : List.of("acme:order", "acme:strict")) {
                replication.bundle().offer(TestRecord.of(collection, "a", 4, "{\"total\": 2}"));
            }
            replication.bundle().awaitDrained();
            assertEquals(List.of("o|a|4|f|2", "s|a|4|f|2"), replication.target().rows(rows));
        }
    }

    private static void sync(Replication replication) throws Exception {
        String order = TestRecord.of("acme:order", "a", 2, "{\"customer\": \"c\", \"Total\": 1.50}");
        String bare = TestRecord.of("acme:bare", "a", 2, "{\"total\": 7}");
        replication.bundle().offer(order, STRICT, bare).start().awaitDrained();
        String orders = "select updated_idx, deleted, customer, \"Total\", data from acme.orders order by id";
        String strict =
                "select upstream_id, updated_idx, deleted, acme_customer_id, starts_at, ends_on, gone_at, color,"
                        + " internal_id from acme.strict";
        assertEquals(
                List.of("2|f|c|1.50|{\"Total\": 1.50, \"customer\": \"c\"}"),
                replication.target().rows(orders));
        assertEquals(
                List.of("up-a|2|f|c|2026-01-01 00:00:00+00|2026-01-01|~|~|acct-1"),
                replication.target().rows(strict));
        assertEquals(List.of("a|7"), replication.target().rows("select * from acme.bare"));
        for (String collection : List.of("acme:order", "acme:strict", "acme:bare")) {
            replication.bundle().offer(deletion(collection, "a", 3), deletion(collection, "b", 3));
        }
        replication.bundle().awaitDrained();
        replication.bundle().offer(order, STRICT, bare).awaitDrained();
        assertEquals(
                List.of("3|t|c|1.50|{\"Total\": 1.50, \"customer\": \"c\"}", "3|t|~|~|~"),
                replication.target().rows(orders));
        assertEquals(
                List.of("up-a|3|t|c|2026-01-01 00:00:00+00|2026-01-01|~|~|acct-1"),
                replication.target().rows(strict));
        assertEquals(List.of(), replication.target().rows("select * from acme.bare"));
        assertEquals(List.of(), replication.bundle().deadLetters());
    }

    @Tag("long")
    @Test
    void whatDoesNotFitIsSaid() throws Exception {
        try (Replication replication = new Replication("select 1").forRecords()) {
            replication.target().execute(TABLES);
            replication.write(
                    "sample.jsonl", STRICT.replace("startsAt", "other").replace("acme:strict", "acme:short"));
            assertEquals(
                    new Replication.Result(
                            1,
                            List.of(
                                    "Skipped acme:keyless: it has no primary key or unique index on one text column, such as"
                                            + " id or upstream_id, by which a record is found; alter table acme.keyless add column"
                                            + " upstream_id text unique")),
                    replication.run("scaffold", "acme:keyless", "--table", "acme.keyless"));
            assertEquals(
                    "Skipped acme:tight: updated_idx is integer, which versions outgrow; alter table acme.tight alter column"
                            + " updated_idx type bigint",
                    replication
                            .run("scaffold", "acme:tight", "--table", "acme.tight")
                            .lines()
                            .get(0));
            assertEquals(
                    "Warning: acme.short: updated_idx is integer, which versions outgrow; alter table acme.short alter"
                            + " column updated_idx type bigint",
                    replication
                            .run("scaffold", "acme:x", "--table", "acme.short")
                            .lines()
                            .get(0));
            assertEquals(
                    "Warning: acme.strict: starts_at is not null, and no field of the records fits: put the right path into"
                            + " the template, or alter table acme.strict alter column starts_at drop not null",
                    replication
                            .run(
                                    "scaffold",
                                    "acme:short",
                                    "--table",
                                    "acme.strict",
                                    "--sample",
                                    replication.path("sample.jsonl"))
                            .lines()
                            .get(0));
            // a name that is free is that of a new table
            Replication.Result created = replication.run(
                    "scaffold",
                    "acme:new",
                    "--table",
                    "New.\"It's\"",
                    "--apply",
                    "--data",
                    "--sample",
                    replication.path("sample.jsonl"));
            assertEquals(2, created.status(), created.toString());
            replication.write("sample.jsonl", STRICT.replace("acme:strict", "acme:new"));
            created = replication.run(
                    "scaffold",
                    "acme:new",
                    "--table",
                    "New.\"It's\"",
                    "--apply",
                    "--data",
                    "--sample",
                    replication.path("sample.jsonl"));
            assertEquals(0, created.status(), created.toString());
            assertEquals(
                    List.of(
                            "id|upstream_id|deleted|updated_idx|sync_id|sync_external_id|sync_metadata|upstream_created_at"
                                    + "|upstream_updated_at|customer_id|customer|starts_at|ends_on|gone_at|hue|data"),
                    replication
                            .target()
                            .rows("select string_agg(attname, '|' order by attnum) from pg_attribute"
                                    + " where attrelid = '\"New\".\"It''s\"'::regclass and attnum > 0"));
        }
    }

    /** The shipped table, which is made for what a worker of Sequin's documents writes. */
    @Test
    void theShippedTableIsMatchedToItsRecords() throws Exception {
        try (Replication replication = new Replication("select 1")) {
            replication.bundle().set("sequin.api", "consume");
            SampleRecords samples = new SampleRecords(2);
            replication.write("sample.jsonl", samples.record(0, 1) + "\n" + samples.record(1, 2));
            assertEquals(
                    0,
                    replication
                            .run("scaffold", "stripe:subscription", "--sample", replication.path("sample.jsonl"))
                            .status());
            String shipped = Files.readString(Path.of("routes/collections/stripe-subscription.upsert.sql"));
            String written = replication.file("routes/collections/stripe-subscription.upsert.sql");
            assertEquals(values(shipped), values(written));
        }
    }

    private static String values(String upsert) {
        String values = upsert.substring(upsert.indexOf("insert into"), upsert.indexOf("on conflict"));
        return values.replaceAll("\\s+", " ");
    }
}
