-- The collections that are not shipped: hard deletes and something binary, and a table without a version column.
create schema chaos;
create table chaos.orders (id text primary key, title text not null, amount bigint, seal bytea);
create table chaos.notes (id text primary key, title text not null, amount bigint, deleted boolean not null);

-- What the audit reads: views, because these follow a table that is renamed. In JSON what is renamed or gets another
-- type, which a view of the column would forbid.
-- sound: the row is what the ledger says; content: what distinguishes one version of a record from another.
create schema audit;
create view audit.customer as
  select id, updated_idx as version, deleted, true as sound,
    concat_ws('|', to_jsonb(t) ->> 'name', to_jsonb(t) ->> 'balance') as content
  from stripe.customers t;
create view audit.subscription as
  select id, updated_idx as version, deleted, true as sound,
    concat_ws('|', to_jsonb(t) ->> 'status', to_jsonb(t) ->> 'quantity') as content
  from stripe.subscriptions t;
create view audit.order as
  select id, v.version, coalesce(v.deleted, false) as deleted,
    coalesce(v.deleted, false) = (t.id is null) as sound,
    concat_ws('|', to_jsonb(t) ->> 'title', to_jsonb(t) ->> 'amount', to_jsonb(t) ->> 'seal') as content
  from (select * from sequin.versions where collection = 'chaos:order') v full join chaos.orders t using (id);
create view audit.note as
  select id, v.version, coalesce(t.deleted, false) as deleted,
    coalesce(t.deleted = v.deleted, false) as sound,
    concat_ws('|', to_jsonb(t) ->> 'title', to_jsonb(t) ->> 'amount') as content
  from (select * from sequin.versions where collection = 'chaos:note') v full join chaos.notes t using (id);
create view audit.dead_letters as
  select collection, record_id, version, reason, sqlstate, substring(message from '"record":(.*)\}$') as record
  from sequin.dead_letters;
create index on sequin.dead_letters (record_id);

-- Some records sleep, longer than any lease.
create function audit.sleep() returns trigger language plpgsql as $$
  begin
    perform pg_sleep(60);
    return new;
  end $$;
create trigger sleep before insert or update on stripe.customers
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
create trigger sleep before insert or update on stripe.subscriptions
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
create trigger sleep before insert or update on chaos.orders
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
create trigger sleep before insert or update on chaos.notes
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
