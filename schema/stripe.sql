-- Example tables, for the shipped Stripe collections: change them as you like, together with the templates.
create schema if not exists stripe;

create table if not exists stripe.subscriptions (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  stripe_customer_id text,
  plan_id text,
  quantity bigint,
  status text,
  cancel_at_period_end boolean,
  current_period_start timestamptz,
  current_period_end timestamptz,
  metadata jsonb
);
create index if not exists stripe_subscriptions_upstream_id_idx on stripe.subscriptions (upstream_id);
create index if not exists stripe_subscriptions_sync_external_id_idx on stripe.subscriptions (sync_external_id);
create index if not exists stripe_subscriptions_stripe_customer_id_idx on stripe.subscriptions (stripe_customer_id);

create table if not exists stripe.customers (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  email text,
  name text,
  phone text,
  currency text,
  balance bigint,
  delinquent boolean,
  address jsonb,
  metadata jsonb
);
create index if not exists stripe_customers_upstream_id_idx on stripe.customers (upstream_id);
create index if not exists stripe_customers_sync_external_id_idx on stripe.customers (sync_external_id);
