-- From now on the tables say of which version they are: each file ends with a row of its own.
create table if not exists sequin.schema_version (
  version integer primary key,
  file text not null,
  oldest_bundle integer not null, -- a bundle that knows this version, or a later one, can use the tables
  applied_at timestamptz not null default now(),
  applied_by text not null default current_user
);
-- Also for roles that were granted what was there before.
grant select on sequin.schema_version to public;

-- Which the very first tables had, and nothing uses.
drop index if exists sequin.dead_letters_collection;

insert into sequin.schema_version (version, file, oldest_bundle)
values (1, '001-tables.sql', 1), (2, '002-schema-version.sql', 1)
on conflict do nothing;
