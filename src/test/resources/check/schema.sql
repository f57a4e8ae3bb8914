create schema acme;
create schema cms;
create table acme.orders (id text primary key, updated_idx bigint, deleted boolean not null default false, customer text,
  total numeric, lines jsonb, changed_at timestamptz);
create table acme.customers (id text primary key, updated_idx bigint not null, deleted boolean not null default false,
  name text not null, email text);
create unique index customers_email on acme.customers (lower(email));
create table acme.lines (id text primary key, updated_idx bigint not null, order_id text references acme.orders, n integer);
create table acme.small (id text primary key, updated_idx integer not null, deleted boolean, name text);
create table acme.texts (id text primary key, updated_idx text not null, deleted boolean, name text);
create table acme.old (id text primary key, updated_idx bigint, deleted boolean, name text);
insert into acme.old (id) values ('from before');
create table acme.parts (id text, updated_idx bigint not null, name text, gone boolean not null default false,
  active boolean);
create unique index parts_id on acme.parts (id) where not gone;
create table acme.deferred (id text, updated_idx bigint not null, deleted boolean, name text,
  constraint deferred_id unique (id) deferrable);
create table acme.computed (id text primary key, updated_idx bigint not null, deleted boolean, n integer,
  twice integer generated always as (n * 2) stored, number bigint generated always as identity);
create table acme.log (id text, updated_idx bigint, body jsonb);
create table acme.keys (id text primary key);
create table acme."Mixed" ("Id" text primary key, "Version No" bigint not null, gone boolean, "First Name" text);
create table cms.articles (id bigint primary key, headline text, body text, deleted boolean not null default false,
  commit_lsn bigint, commit_idx integer);
create table cms.spans (id interval primary key, title text);
create table cms.plain (id bigint primary key, title text);
create table cms.lines (order_id bigint, line integer, title text, primary key (order_id, line));
create table acme.events (id text primary key, at timestamptz, body jsonb) partition by hash (id);
create table acme.events_all partition of acme.events for values with (modulus 1, remainder 0);
create function acme.tidy(text) returns text language sql as 'select trim($1)';
create procedure acme.keep(text, bigint) language sql as 'delete from acme.keys where id = $1';
create table acme."user" (id text primary key, "where" bigint, "values" boolean);
