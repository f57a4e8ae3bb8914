-- Stripe subscriptions. Safe to run again.
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
