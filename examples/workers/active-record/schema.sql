-- As a Rails migration makes it: `create_table :subscriptions, id: :string`, with t.bigint for updated_idx, and t.timestamps.
create table if not exists "subscriptions" (
  "id" character varying not null primary key,
  "upstream_id" character varying,
  "stripe_customer_id" character varying,
  "plan_id" character varying,
  "quantity" integer,
  "internal_id" character varying,
  "updated_idx" bigint,
  "upstream_created_at" timestamp(6) without time zone,
  "upstream_updated_at" timestamp(6) without time zone,
  "created_at" timestamp(6) without time zone not null,
  "updated_at" timestamp(6) without time zone not null
);
