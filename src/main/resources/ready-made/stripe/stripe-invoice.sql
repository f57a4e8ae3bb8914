-- Stripe invoices. Safe to run again.
create schema if not exists stripe;

create table if not exists stripe.invoices (
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
  stripe_subscription_id text,
  number text,
  status text,
  billing_reason text,
  collection_method text,
  currency text,
  subtotal bigint,
  total bigint,
  amount_due bigint,
  amount_paid bigint,
  amount_remaining bigint,
  attempt_count integer,
  attempted boolean,
  auto_advance boolean,
  due_date timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  finalized_at timestamptz,
  paid_at timestamptz,
  voided_at timestamptz,
  hosted_invoice_url text,
  invoice_pdf text,
  lines jsonb,
  livemode boolean,
  metadata jsonb
);
create index if not exists stripe_invoices_upstream_id_idx on stripe.invoices (upstream_id);
create index if not exists stripe_invoices_sync_external_id_idx on stripe.invoices (sync_external_id);
create index if not exists stripe_invoices_stripe_customer_id_idx on stripe.invoices (stripe_customer_id);
create index if not exists stripe_invoices_stripe_subscription_id_idx on stripe.invoices (stripe_subscription_id);
