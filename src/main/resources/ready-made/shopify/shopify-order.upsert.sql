-- One Shopify order, and its line items if the order was written: those that it has no more are removed. A tombstone
-- changes only the standard fields, and marks the line items. All parts of the statement see the rows as they were when it
-- began: the ledger, in the route, has it begin after any other worker has committed what it writes of the same order.
with item as (
  select * from rows from (
    jsonb_to_recordset(:#data.line_items) as (
      id bigint, product_id bigint, variant_id bigint, title text, variant_title text, sku text, vendor text,
      quantity integer, price numeric, total_discount numeric, fulfillable_quantity integer, fulfillment_status text,
      gift_card boolean, taxable boolean, requires_shipping boolean, properties jsonb)
  ) with ordinality as i (id, product_id, variant_id, title, variant_title, sku, vendor, quantity, price, total_discount,
    fulfillable_quantity, fulfillment_status, gift_card, taxable, requires_shipping, properties, position)
), written as (
  insert into shopify.orders as t
    (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
     upstream_updated_at, name, order_number, email, phone, customer_id, financial_status, fulfillment_status, currency,
     subtotal_price, total_discounts, total_tax, total_price, taxes_included, test, source_name, note, tags,
     discount_codes, shipping_address, billing_address, processed_at, closed_at, cancelled_at, cancel_reason)
  values
    (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
     :#upstream_created_at, :#upstream_updated_at, :#data.name, :#data.order_number, :#data.email, :#data.phone,
     :#data.customer.id, :#data.financial_status, :#data.fulfillment_status, :#data.currency, :#data.subtotal_price,
     :#data.total_discounts, :#data.total_tax, :#data.total_price, :#data.taxes_included, :#data.test,
     :#data.source_name, :#data.note, :#data.tags, :#data.discount_codes, :#data.shipping_address,
     :#data.billing_address, :#data.processed_at, :#data.closed_at, :#data.cancelled_at, :#data.cancel_reason)
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
    order_number = case when excluded.deleted then t.order_number else excluded.order_number end,
    email = case when excluded.deleted then t.email else excluded.email end,
    phone = case when excluded.deleted then t.phone else excluded.phone end,
    customer_id = case when excluded.deleted then t.customer_id else excluded.customer_id end,
    financial_status = case when excluded.deleted then t.financial_status else excluded.financial_status end,
    fulfillment_status = case when excluded.deleted then t.fulfillment_status else excluded.fulfillment_status end,
    currency = case when excluded.deleted then t.currency else excluded.currency end,
    subtotal_price = case when excluded.deleted then t.subtotal_price else excluded.subtotal_price end,
    total_discounts = case when excluded.deleted then t.total_discounts else excluded.total_discounts end,
    total_tax = case when excluded.deleted then t.total_tax else excluded.total_tax end,
    total_price = case when excluded.deleted then t.total_price else excluded.total_price end,
    taxes_included = case when excluded.deleted then t.taxes_included else excluded.taxes_included end,
    test = case when excluded.deleted then t.test else excluded.test end,
    source_name = case when excluded.deleted then t.source_name else excluded.source_name end,
    note = case when excluded.deleted then t.note else excluded.note end,
    tags = case when excluded.deleted then t.tags else excluded.tags end,
    discount_codes = case when excluded.deleted then t.discount_codes else excluded.discount_codes end,
    shipping_address = case when excluded.deleted then t.shipping_address else excluded.shipping_address end,
    billing_address = case when excluded.deleted then t.billing_address else excluded.billing_address end,
    processed_at = case when excluded.deleted then t.processed_at else excluded.processed_at end,
    closed_at = case when excluded.deleted then t.closed_at else excluded.closed_at end,
    cancelled_at = case when excluded.deleted then t.cancelled_at else excluded.cancelled_at end,
    cancel_reason = case when excluded.deleted then t.cancel_reason else excluded.cancel_reason end
  where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
  returning t.id, t.deleted
), marked as (
  update shopify.order_line_items as l set deleted = true from written where l.order_id = written.id and written.deleted
), removed as (
  delete from shopify.order_line_items as l using written
  where l.order_id = written.id and not written.deleted and not exists (select from item where item.id = l.id)
)
insert into shopify.order_line_items as l
  (order_id, id, deleted, position, product_id, variant_id, title, variant_title, sku, vendor, quantity, price,
   total_discount, fulfillable_quantity, fulfillment_status, gift_card, taxable, requires_shipping, properties)
select
  written.id, item.id, false, item.position, item.product_id, item.variant_id, item.title, item.variant_title,
  item.sku, item.vendor, item.quantity, item.price, item.total_discount, item.fulfillable_quantity,
  item.fulfillment_status, item.gift_card, item.taxable, item.requires_shipping, item.properties
from written cross join item
where not written.deleted
on conflict (order_id, id) do update set
  deleted = excluded.deleted,
  position = excluded.position,
  product_id = excluded.product_id,
  variant_id = excluded.variant_id,
  title = excluded.title,
  variant_title = excluded.variant_title,
  sku = excluded.sku,
  vendor = excluded.vendor,
  quantity = excluded.quantity,
  price = excluded.price,
  total_discount = excluded.total_discount,
  fulfillable_quantity = excluded.fulfillable_quantity,
  fulfillment_status = excluded.fulfillment_status,
  gift_card = excluded.gift_card,
  taxable = excluded.taxable,
  requires_shipping = excluded.requires_shipping,
  properties = excluded.properties
