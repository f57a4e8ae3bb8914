-- The table of every example.
create table if not exists customers (
  id text primary key,
  updated_idx bigint,
  deleted boolean not null default false,
  name text,
  email text
);
