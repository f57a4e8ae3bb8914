-- One Stripe subscription. A tombstone changes only the standard fields: what was known of the record stays.
insert into stripe.subscriptions as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, stripe_customer_id, plan_id, quantity, status, cancel_at_period_end,
   current_period_start, current_period_end, metadata)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.customer, :#data.plan.id, :#data.quantity,
   :#data.status, :#data.cancel_at_period_end, to_timestamp(:#data.current_period_start),
   to_timestamp(:#data.current_period_end), :#data.metadata)
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
  plan_id = case when excluded.deleted then t.plan_id else excluded.plan_id end,
  quantity = case when excluded.deleted then t.quantity else excluded.quantity end,
  status = case when excluded.deleted then t.status else excluded.status end,
  cancel_at_period_end = case when excluded.deleted then t.cancel_at_period_end else excluded.cancel_at_period_end end,
  current_period_start = case when excluded.deleted then t.current_period_start else excluded.current_period_start end,
  current_period_end = case when excluded.deleted then t.current_period_end else excluded.current_period_end end,
  metadata = case when excluded.deleted then t.metadata else excluded.metadata end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
