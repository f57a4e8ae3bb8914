-- The bundle's own tables. Safe to run again; `run` does it at start unless sequin.migrate=false.
create schema if not exists sequin;

-- What makes two dead letters the same: the record and its version, or without these the message itself,
-- less its token, which differs from delivery to delivery.
-- A hash, because a record ID may be longer than an index row can be.
create or replace function sequin.dead_letter_key(
  consumer text, collection text, record_id text, version numeric, message text)
returns text language sql immutable parallel safe as $$
  select md5(
    consumer || chr(10) || coalesce(collection, '') || chr(10) || coalesce(record_id, '') || chr(10) ||
    case when record_id is not null and version is not null then version::text
      else md5(regexp_replace(message, '"ack_(token|id)"\s*:\s*"[^"]*"', '')) end)
$$;

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
  replayed_at timestamptz
);

create unique index if not exists dead_letters_key
  on sequin.dead_letters (sequin.dead_letter_key(consumer, collection, record_id, version, message));
create index if not exists dead_letters_collection on sequin.dead_letters (collection, reason);
