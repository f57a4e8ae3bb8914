-- Stripe products. Safe to run again.
create schema if not exists stripe;

create table if not exists stripe.products (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  name text,
  active boolean,
  description text,
  stripe_default_price_id text,
  images text[],
  shippable boolean,
  statement_descriptor text,
  tax_code text,
  unit_label text,
  url text,
  livemode boolean,
  metadata jsonb
);
create index if not exists stripe_products_upstream_id_idx on stripe.products (upstream_id);
create index if not exists stripe_products_sync_external_id_idx on stripe.products (sync_external_id);
create index if not exists stripe_products_stripe_default_price_id_idx on stripe.products (stripe_default_price_id);
