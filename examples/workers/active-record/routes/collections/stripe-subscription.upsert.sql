-- Subscription.upsert(attributes, unique_by: :id): created_at stays, and as in Rails 7 updated_at changes only if the row does.
insert into subscriptions as t
  (id, upstream_id, stripe_customer_id, plan_id, quantity, internal_id, updated_idx, upstream_created_at,
   upstream_updated_at, created_at, updated_at)
values
  (:#id, :#upstream_id, coalesce(:#data.customer, :#data.stripe_customer_id), coalesce(:#data.plan.id, :#data.plan_id),
   :#data.quantity, :#sync.external_id, :#updated_idx, :#upstream_created_at::timestamptz at time zone 'utc',
   :#upstream_updated_at::timestamptz at time zone 'utc', now() at time zone 'utc', now() at time zone 'utc')
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  stripe_customer_id = excluded.stripe_customer_id,
  plan_id = excluded.plan_id,
  quantity = excluded.quantity,
  internal_id = excluded.internal_id,
  updated_idx = excluded.updated_idx,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  updated_at = case
    when (t.upstream_id, t.stripe_customer_id, t.plan_id, t.quantity, t.internal_id, t.updated_idx, t.upstream_created_at,
      t.upstream_updated_at) is not distinct from (excluded.upstream_id, excluded.stripe_customer_id, excluded.plan_id,
      excluded.quantity, excluded.internal_id, excluded.updated_idx, excluded.upstream_created_at,
      excluded.upstream_updated_at)
    then t.updated_at else excluded.updated_at end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
