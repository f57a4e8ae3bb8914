-- upsertSubscription: upstream_id and inserted_at stay, since orUpdate does not name them; metadata is the JSON as text.
insert into subscription as t
  (id, upstream_id, internal_id, updated_at, inserted_at, updated_idx, stripe_customer_id, plan_id, quantity, metadata)
values
  (:#id, :#upstream_id, :#sync.external_id, now() at time zone 'utc', now() at time zone 'utc', :#updated_idx,
   coalesce(:#data.customer, :#data.stripe_customer_id), coalesce(:#data.plan.id, :#data.plan_id), :#data.quantity,
   :#data.metadata)
on conflict (id) do update set
  internal_id = excluded.internal_id,
  updated_at = excluded.updated_at,
  updated_idx = excluded.updated_idx,
  stripe_customer_id = excluded.stripe_customer_id,
  plan_id = excluded.plan_id,
  quantity = excluded.quantity,
  metadata = excluded.metadata
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
