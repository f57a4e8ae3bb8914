-- Stripe charges. Safe to run again.
create schema if not exists stripe;

create table if not exists stripe.charges (
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
  stripe_payment_intent_id text,
  stripe_balance_transaction_id text,
  status text,
  currency text,
  amount bigint,
  amount_captured bigint,
  amount_refunded bigint,
  paid boolean,
  captured boolean,
  refunded boolean,
  disputed boolean,
  description text,
  payment_method text,
  payment_method_type text,
  receipt_email text,
  receipt_url text,
  failure_code text,
  failure_message text,
  billing_details jsonb,
  livemode boolean,
  metadata jsonb
);
create index if not exists stripe_charges_upstream_id_idx on stripe.charges (upstream_id);
create index if not exists stripe_charges_sync_external_id_idx on stripe.charges (sync_external_id);
create index if not exists stripe_charges_stripe_customer_id_idx on stripe.charges (stripe_customer_id);
create index if not exists stripe_charges_stripe_payment_intent_id_idx on stripe.charges (stripe_payment_intent_id);
