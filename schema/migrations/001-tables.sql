-- The bundle's own tables. `migrate` runs these files in their order, and so does `run` at start unless
-- sequin.migrate=false. Each is safe to run again: this one has to be when a bundle from before there were versions has
-- run in between, and has replaced functions.
-- Looked up first: if not exists would ask for the privilege to create schemas even where there is nothing to create.
do $$ begin
  if to_regnamespace('sequin') is null then
    create schema sequin;
  end if;
end $$;

-- message_bytes: what was received, if message cannot be exactly that; it is not UTF-8, or has a byte 0.
-- identity: the same when the same message fails again (class Identity); null from versions without this column.
create table if not exists sequin.dead_letters (
  id bigint generated always as identity primary key,
  consumer text not null,
  collection text,
  record_id text,
  version numeric,
  reason text not null check (reason in ('malformed', 'unknown-collection', 'rejected')),
  sqlstate text,
  error text not null,
  message text not null,
  first_failed_at timestamptz not null default now(),
  last_failed_at timestamptz not null default now(),
  attempts integer not null default 1,
  replayed_at timestamptz,
  message_bytes bytea,
  identity text
);

-- What a later version has added. Looked up first: to add a column that is there would wait for all who read the table.
do $$ begin
  if not exists (select from pg_attribute where attrelid = 'sequin.dead_letters'::regclass and attname = 'identity') then
    alter table sequin.dead_letters add column message_bytes bytea, add column identity text;
  end if;
end $$;

-- The identity of those that an earlier version stores: it knows only the columns. As class Identity computes it, for a
-- record with a version and IDs whose text says for sure what they were. Of others it is unknown, so they are like none.
create or replace function sequin.dead_letter_identity(consumer text, collection text, record_id text, version numeric)
returns text language sql immutable parallel safe as $$
  select case
    when collection <> '' and record_id <> '' and version is not null
      and position(chr(10) in concat_ws(' ', consumer, collection, record_id)) = 0
      and position(chr(92) || 'u' in concat_ws(' ', consumer, collection, record_id)) = 0
    then encode(sha256(convert_to(
      replace(concat_ws(chr(10), 'record', consumer, collection, record_id, version), chr(92), repeat(chr(92), 2)),
      'UTF8')), 'hex') end
$$;

-- For earlier versions, which need this index to store dead letters, with that name, function and columns. It must not
-- forbid what they could not tell apart, and in an index nulls are never the same.
create or replace function sequin.dead_letter_key(
  consumer text, collection text, record_id text, version numeric, message text)
returns text language sql immutable parallel safe as $$
  select case
    when sequin.dead_letter_identity(consumer, collection, record_id, version) is not null
    then md5(concat_ws(chr(10), consumer, collection, record_id, version)) end
$$;
create unique index if not exists dead_letters_key
  on sequin.dead_letters (sequin.dead_letter_key(consumer, collection, record_id, version, message));
-- Says what is so already, but has open connections of earlier versions forget the body that the function had before:
-- they would not find this index any more.
alter index sequin.dead_letters_key set (fillfactor = 90);

create unique index if not exists dead_letters_identity on sequin.dead_letters
  (coalesce(identity, sequin.dead_letter_identity(consumer, collection, record_id, version)));

-- For updates that leave out what has not changed: is an older version of the row among them? An ID may be long. Not only
-- of those that are pending: a change of what no index is about adds nothing to the other indexes, which then cannot refuse it.
create index if not exists dead_letters_record on sequin.dead_letters using hash (record_id);

-- The ledger: the newest version of each record of the collections with `guard: ledger` or hard deletes.
create table if not exists sequin.versions (
  collection text not null,
  id text not null,
  version bigint not null,
  deleted boolean not null,
  changed_at timestamptz not null default now(), -- when it was deleted, if it is
  primary key (collection, id)
) with (fillfactor = 70); -- room for updates on the page of the row
-- What a later version has added: the place of a change in its transaction (Stream API). Looked up first, as above.
do $$ begin
  if not exists (select from pg_attribute where attrelid = 'sequin.versions'::regclass and attname = 'place') then
    alter table sequin.versions add column place bigint not null default 0;
  end if;
end $$;
create index if not exists versions_deleted on sequin.versions (changed_at) where deleted;
