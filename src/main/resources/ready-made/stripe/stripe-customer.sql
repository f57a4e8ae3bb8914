-- Stripe customers. Safe to run again.
create schema if not exists stripe;

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
