-- Stripe prices. Safe to run again.
create schema if not exists stripe;

create table if not exists stripe.prices (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  stripe_product_id text,
  active boolean,
  type text,
  billing_scheme text,
  currency text,
  unit_amount bigint,
  unit_amount_decimal numeric,
  nickname text,
  lookup_key text,
  tax_behavior text,
  recurring_interval text,
  recurring_interval_count integer,
  recurring_usage_type text,
  livemode boolean,
  metadata jsonb
);
create index if not exists stripe_prices_upstream_id_idx on stripe.prices (upstream_id);
create index if not exists stripe_prices_sync_external_id_idx on stripe.prices (sync_external_id);
create index if not exists stripe_prices_stripe_product_id_idx on stripe.prices (stripe_product_id);
