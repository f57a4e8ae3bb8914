-- The document's upsert with its guard, and soft deletes: a record that is deleted marks the row, which keeps what it has.
insert into stripe.subscriptions as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_updated_at,
   upstream_created_at, stripe_customer_id, plan_id, quantity)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata, :#upstream_updated_at,
   :#upstream_created_at, coalesce(:#data.customer, :#data.stripe_customer_id), coalesce(:#data.plan.id, :#data.plan_id),
   :#data.quantity)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_updated_at = excluded.upstream_updated_at,
  upstream_created_at = excluded.upstream_created_at,
  stripe_customer_id = case when excluded.deleted then t.stripe_customer_id else excluded.stripe_customer_id end,
  plan_id = case when excluded.deleted then t.plan_id else excluded.plan_id end,
  quantity = case when excluded.deleted then t.quantity else excluded.quantity end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
