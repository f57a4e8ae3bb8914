-- Shopify orders, and their line items in a table of their own. Safe to run again.
create schema if not exists shopify;

create table if not exists shopify.orders (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  name text,
  order_number bigint,
  email text,
  phone text,
  customer_id bigint,
  financial_status text,
  fulfillment_status text,
  currency text,
  subtotal_price numeric,
  total_discounts numeric,
  total_tax numeric,
  total_price numeric,
  taxes_included boolean,
  test boolean,
  source_name text,
  note text,
  tags text,
  discount_codes jsonb,
  shipping_address jsonb,
  billing_address jsonb,
  processed_at timestamptz,
  closed_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text
);
create index if not exists shopify_orders_upstream_id_idx on shopify.orders (upstream_id);
create index if not exists shopify_orders_sync_external_id_idx on shopify.orders (sync_external_id);
create index if not exists shopify_orders_customer_id_idx on shopify.orders (customer_id);

-- The line items of each order as it is now. Those of a deleted order stay, and are marked like it.
create table if not exists shopify.order_line_items (
  order_id text not null,
  id bigint not null,
  deleted boolean not null default false,
  position integer,
  product_id bigint,
  variant_id bigint,
  title text,
  variant_title text,
  sku text,
  vendor text,
  quantity integer,
  price numeric,
  total_discount numeric,
  fulfillable_quantity integer,
  fulfillment_status text,
  gift_card boolean,
  taxable boolean,
  requires_shipping boolean,
  properties jsonb,
  primary key (order_id, id)
);
create index if not exists shopify_order_line_items_product_id_idx on shopify.order_line_items (product_id);
create index if not exists shopify_order_line_items_variant_id_idx on shopify.order_line_items (variant_id);
