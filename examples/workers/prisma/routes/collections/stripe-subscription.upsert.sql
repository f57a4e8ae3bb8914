-- upsertSubscription: insertedAt stays, updatedAt is when the row was written last. Prisma writes dates as UTC.
insert into subscriptions as t
  (id, "upstreamId", "internalId", "stripeCustomerId", "planId", quantity, metadata, "updatedAt", "insertedAt",
   "updatedIdx")
values
  (:#id, :#upstream_id, :#sync.external_id, coalesce(:#data.customer, :#data.stripe_customer_id),
   coalesce(:#data.plan.id, :#data.plan_id), :#data.quantity, :#data.metadata, now() at time zone 'utc',
   now() at time zone 'utc', :#updated_idx)
on conflict (id) do update set
  "upstreamId" = excluded."upstreamId",
  "internalId" = excluded."internalId",
  "stripeCustomerId" = excluded."stripeCustomerId",
  "planId" = excluded."planId",
  quantity = excluded.quantity,
  metadata = excluded.metadata,
  "updatedAt" = excluded."updatedAt",
  "updatedIdx" = excluded."updatedIdx"
where t."updatedIdx" is null or t."updatedIdx" <= excluded."updatedIdx"
