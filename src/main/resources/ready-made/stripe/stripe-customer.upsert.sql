-- One Stripe customer. A tombstone changes only the standard fields: what was known of the record stays.
insert into stripe.customers as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, email, name, phone, currency, balance, delinquent, address, metadata)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.email, :#data.name, :#data.phone, :#data.currency,
   :#data.balance, :#data.delinquent, :#data.address, :#data.metadata)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  email = case when excluded.deleted then t.email else excluded.email end,
  name = case when excluded.deleted then t.name else excluded.name end,
  phone = case when excluded.deleted then t.phone else excluded.phone end,
  currency = case when excluded.deleted then t.currency else excluded.currency end,
  balance = case when excluded.deleted then t.balance else excluded.balance end,
  delinquent = case when excluded.deleted then t.delinquent else excluded.delinquent end,
  address = case when excluded.deleted then t.address else excluded.address end,
  metadata = case when excluded.deleted then t.metadata else excluded.metadata end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
