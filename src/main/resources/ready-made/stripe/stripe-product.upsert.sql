-- One Stripe product. A tombstone changes only the standard fields: what was known of the record stays.
insert into stripe.products as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, name, active, description, stripe_default_price_id, images, shippable, statement_descriptor,
   tax_code, unit_label, url, livemode, metadata)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.name, :#data.active, :#data.description, :#data.default_price,
   :#data.images, :#data.shippable, :#data.statement_descriptor, :#data.tax_code, :#data.unit_label, :#data.url,
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
  name = case when excluded.deleted then t.name else excluded.name end,
  active = case when excluded.deleted then t.active else excluded.active end,
  description = case when excluded.deleted then t.description else excluded.description end,
  stripe_default_price_id = case when excluded.deleted then t.stripe_default_price_id else excluded.stripe_default_price_id end,
  images = case when excluded.deleted then t.images else excluded.images end,
  shippable = case when excluded.deleted then t.shippable else excluded.shippable end,
  statement_descriptor = case when excluded.deleted then t.statement_descriptor else excluded.statement_descriptor end,
  tax_code = case when excluded.deleted then t.tax_code else excluded.tax_code end,
  unit_label = case when excluded.deleted then t.unit_label else excluded.unit_label end,
  url = case when excluded.deleted then t.url else excluded.url end,
  livemode = case when excluded.deleted then t.livemode else excluded.livemode end,
  metadata = case when excluded.deleted then t.metadata else excluded.metadata end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
