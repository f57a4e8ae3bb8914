-- upsert_record with replace_all_except [:upstream_id], but inserted_at stays as well. A string of blanks is none, as for
-- validate_required, and :naive_datetime has no fractions and no zone: the server would round them.
insert into stripe.subscriptions as t
  (id, upstream_id, customer_id, plan_id, quantity, internal_id, updated_idx, upstream_updated_at, upstream_created_at,
   inserted_at, updated_at)
values
  (:#id, nullif(regexp_replace(:#upstream_id, '^\s*$', ''), ''),
   nullif(regexp_replace(coalesce(:#data.customer, :#data.stripe_customer_id), '^\s*$', ''), ''),
   nullif(regexp_replace(coalesce(:#data.plan.id, :#data.plan_id), '^\s*$', ''), ''), :#data.quantity, :#id,
   :#updated_idx, date_trunc('second', :#upstream_updated_at::timestamp),
   date_trunc('second', :#upstream_created_at::timestamp), date_trunc('second', now() at time zone 'utc'),
   date_trunc('second', now() at time zone 'utc'))
on conflict (id) do update set
  customer_id = excluded.customer_id,
  plan_id = excluded.plan_id,
  quantity = excluded.quantity,
  internal_id = excluded.internal_id,
  updated_idx = excluded.updated_idx,
  upstream_updated_at = excluded.upstream_updated_at,
  upstream_created_at = excluded.upstream_created_at,
  updated_at = excluded.updated_at
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
