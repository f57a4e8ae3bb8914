-- Stripe payment intents, without their client secrets. Safe to run again.
create schema if not exists stripe;

create table if not exists stripe.payment_intents (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  stripe_customer_id text,
  stripe_latest_charge_id text,
  status text,
  currency text,
  amount bigint,
  amount_capturable bigint,
  amount_received bigint,
  capture_method text,
  confirmation_method text,
  description text,
  payment_method text,
  payment_method_types text[],
  receipt_email text,
  setup_future_usage text,
  statement_descriptor text,
  canceled_at timestamptz,
  cancellation_reason text,
  last_payment_error jsonb,
  livemode boolean,
  metadata jsonb
);
create index if not exists stripe_payment_intents_upstream_id_idx on stripe.payment_intents (upstream_id);
create index if not exists stripe_payment_intents_sync_external_id_idx on stripe.payment_intents (sync_external_id);
create index if not exists stripe_payment_intents_stripe_customer_id_idx on stripe.payment_intents (stripe_customer_id);
