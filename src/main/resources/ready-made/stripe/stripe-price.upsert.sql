-- One Stripe price. A tombstone changes only the standard fields: what was known of the record stays.
insert into stripe.prices as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, stripe_product_id, active, type, billing_scheme, currency, unit_amount, unit_amount_decimal,
   nickname, lookup_key, tax_behavior, recurring_interval, recurring_interval_count, recurring_usage_type, livemode,
   metadata)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.product, :#data.active, :#data.type, :#data.billing_scheme,
   :#data.currency, :#data.unit_amount, :#data.unit_amount_decimal, :#data.nickname, :#data.lookup_key,
   :#data.tax_behavior, :#data.recurring.interval, :#data.recurring.interval_count, :#data.recurring.usage_type,
   :#data.livemode, :#data.metadata)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  stripe_product_id = case when excluded.deleted then t.stripe_product_id else excluded.stripe_product_id end,
  active = case when excluded.deleted then t.active else excluded.active end,
  type = case when excluded.deleted then t.type else excluded.type end,
  billing_scheme = case when excluded.deleted then t.billing_scheme else excluded.billing_scheme end,
  currency = case when excluded.deleted then t.currency else excluded.currency end,
  unit_amount = case when excluded.deleted then t.unit_amount else excluded.unit_amount end,
  unit_amount_decimal = case when excluded.deleted then t.unit_amount_decimal else excluded.unit_amount_decimal end,
  nickname = case when excluded.deleted then t.nickname else excluded.nickname end,
  lookup_key = case when excluded.deleted then t.lookup_key else excluded.lookup_key end,
  tax_behavior = case when excluded.deleted then t.tax_behavior else excluded.tax_behavior end,
  recurring_interval = case when excluded.deleted then t.recurring_interval else excluded.recurring_interval end,
  recurring_interval_count = case when excluded.deleted then t.recurring_interval_count else excluded.recurring_interval_count end,
  recurring_usage_type = case when excluded.deleted then t.recurring_usage_type else excluded.recurring_usage_type end,
  livemode = case when excluded.deleted then t.livemode else excluded.livemode end,
  metadata = case when excluded.deleted then t.metadata else excluded.metadata end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
