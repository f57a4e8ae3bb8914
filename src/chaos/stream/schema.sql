-- The replicas: two that have nothing of their own but checks, and one with soft deletes and the version in columns.
create schema chaos;
create table chaos.products (
  id text primary key, title text not null, amount bigint check (amount >= 0), revision bigint not null, body text);
create table chaos.members (like chaos.products including all);
create table chaos.articles (
  id text primary key, title text check (deleted or title is not null), amount bigint check (amount >= 0),
  revision bigint, body text, commit_lsn bigint, commit_idx bigint, deleted boolean not null);

-- What the audit reads: views, because these follow a table that is renamed.
-- sound: the row is what the ledger says.
create view audit.product as
  select v.id, v.version as lsn, v.place as idx, v.deleted = (t.id is null) as sound
  from sequin.versions v left join chaos.products t on t.id = v.id where v.collection = 'chaos.products';
create view audit.member as
  select v.id, v.version as lsn, v.place as idx, v.deleted = (t.id is null) as sound
  from sequin.versions v left join chaos.members t on t.id = v.id where v.collection = 'chaos.members';
create view audit.article as
  select id, commit_lsn as lsn, commit_idx as idx, true as sound from chaos.articles;

-- change: what tells a change from all others; is_right: its message could be nothing but a dead letter.
create function audit.change(message text) returns text language sql immutable as $$
  select message::jsonb #>> '{data,metadata,idempotency_key}'
$$;
create view audit.dead_letters as
  select collection, record_id, reason, sqlstate, error, audit.change(message) as change,
    coalesce((record ->> 'revision')::bigint, 0) as revision,
    case
      when collection = 'chaos.unknown' then reason = 'unknown-collection'
      when reason <> 'rejected' or action = 'delete' then false
      when record ->> 'id' like '%-sleeper-%' then sqlstate = '57014'
      else sqlstate <> '02000' and audit.is_poison(record ->> 'id', record ->> 'title', (record ->> 'amount')::numeric)
    end as is_right
  from sequin.dead_letters,
    lateral (select message::jsonb #> '{data,record}' as record, message::jsonb #>> '{data,action}' as action) m;
create index on sequin.dead_letters (audit.change(message));

-- Some rows sleep, longer than any lease.
create function audit.sleep() returns trigger language plpgsql as $$
  begin
    perform pg_sleep(60);
    return new;
  end $$;
create trigger sleep before insert or update on chaos.products
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
create trigger sleep before insert or update on chaos.members
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
create trigger sleep before insert or update on chaos.articles
  for each row when (new.id like '%-sleeper-%') execute function audit.sleep();
