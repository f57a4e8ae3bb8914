-- The collections that are not shipped: hard deletes, and a table without a version column.
create schema chaos;
create table chaos.orders (id text primary key, title text not null, amount bigint);
create table chaos.notes (id text primary key, title text not null, amount bigint, deleted boolean not null);

-- What the audit reads: views, because these follow a table or a column that is renamed.
-- sound: the row is what the ledger says; content: what distinguishes one version of a record from another.
create schema audit;
create view audit.customer as
  select id, updated_idx as version, deleted, true as sound, name || '|' || balance as content
  from stripe.customers;
create view audit.subscription as
  select id, updated_idx as version, deleted, true as sound, status || '|' || quantity as content
  from stripe.subscriptions;
create view audit.order as
  select id, v.version, coalesce(v.deleted, false) as deleted,
    coalesce(v.deleted, false) = (t.id is null) as sound, t.title || '|' || t.amount as content
  from (select * from sequin.versions where collection = 'chaos:order') v full join chaos.orders t using (id);
create view audit.note as
  select id, v.version, coalesce(t.deleted, false) as deleted,
    coalesce(t.deleted = v.deleted, false) as sound, t.title || '|' || t.amount as content
  from (select * from sequin.versions where collection = 'chaos:note') v full join chaos.notes t using (id);
create view audit.dead_letters as
  select collection, record_id, version, reason, substring(message from '"record":(.*)\}$') as record
  from sequin.dead_letters;
create index on sequin.dead_letters (record_id);
