-- One Stripe payment intent. A tombstone changes only the standard fields: what was known of the record stays.
insert into stripe.payment_intents as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, stripe_customer_id, stripe_latest_charge_id, status, currency, amount, amount_capturable,
   amount_received, capture_method, confirmation_method, description, payment_method, payment_method_types,
   receipt_email, setup_future_usage, statement_descriptor, canceled_at, cancellation_reason, last_payment_error,
   livemode, metadata)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.customer, :#data.latest_charge, :#data.status,
   :#data.currency, :#data.amount, :#data.amount_capturable, :#data.amount_received, :#data.capture_method,
   :#data.confirmation_method, :#data.description, :#data.payment_method, :#data.payment_method_types,
   :#data.receipt_email, :#data.setup_future_usage, :#data.statement_descriptor, to_timestamp(:#data.canceled_at),
   :#data.cancellation_reason, :#data.last_payment_error, :#data.livemode, :#data.metadata)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  stripe_customer_id = case when excluded.deleted then t.stripe_customer_id else excluded.stripe_customer_id end,
  stripe_latest_charge_id = case when excluded.deleted then t.stripe_latest_charge_id else excluded.stripe_latest_charge_id end,
  status = case when excluded.deleted then t.status else excluded.status end,
  currency = case when excluded.deleted then t.currency else excluded.currency end,
  amount = case when excluded.deleted then t.amount else excluded.amount end,
  amount_capturable = case when excluded.deleted then t.amount_capturable else excluded.amount_capturable end,
  amount_received = case when excluded.deleted then t.amount_received else excluded.amount_received end,
  capture_method = case when excluded.deleted then t.capture_method else excluded.capture_method end,
  confirmation_method = case when excluded.deleted then t.confirmation_method else excluded.confirmation_method end,
  description = case when excluded.deleted then t.description else excluded.description end,
  payment_method = case when excluded.deleted then t.payment_method else excluded.payment_method end,
  payment_method_types = case when excluded.deleted then t.payment_method_types else excluded.payment_method_types end,
  receipt_email = case when excluded.deleted then t.receipt_email else excluded.receipt_email end,
  setup_future_usage = case when excluded.deleted then t.setup_future_usage else excluded.setup_future_usage end,
  statement_descriptor = case when excluded.deleted then t.statement_descriptor else excluded.statement_descriptor end,
  canceled_at = case when excluded.deleted then t.canceled_at else excluded.canceled_at end,
  cancellation_reason = case when excluded.deleted then t.cancellation_reason else excluded.cancellation_reason end,
  last_payment_error = case when excluded.deleted then t.last_payment_error else excluded.last_payment_error end,
  livemode = case when excluded.deleted then t.livemode else excluded.livemode end,
  metadata = case when excluded.deleted then t.metadata else excluded.metadata end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
