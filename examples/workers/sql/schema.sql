-- The document's stripe.subscriptions, with the three columns that it leaves to the reader; and a table of issues, which it
-- only deletes from.
create schema if not exists stripe;
create schema if not exists github;

create table if not exists stripe.subscriptions (
  id text primary key,
  upstream_id text,
  deleted boolean,
  updated_idx bigint,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_updated_at timestamp with time zone,
  upstream_created_at timestamp with time zone,
  stripe_customer_id text,
  plan_id text,
  quantity integer
);
create index if not exists stripe_subscriptions_sync_external_id_idx on stripe.subscriptions (sync_external_id);
create index if not exists stripe_subscriptions_upstream_id_idx on stripe.subscriptions (upstream_id);

create table if not exists github.issues (
  id text primary key,
  upstream_id text,
  updated_idx bigint,
  sync_external_id text,
  number bigint,
  title text,
  state text
);
