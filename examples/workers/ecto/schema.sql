-- As an Ecto migration makes it of the document's schema, with `null: false` for what validate_required wants, and :bigint for
-- updated_idx.
create schema if not exists stripe;

create table if not exists "stripe"."subscriptions" (
  "id" varchar(255),
  "upstream_id" varchar(255) not null,
  "customer_id" varchar(255) not null,
  "plan_id" varchar(255) not null,
  "quantity" integer not null,
  "internal_id" varchar(255) not null,
  "updated_idx" bigint not null,
  "upstream_updated_at" timestamp(0) not null,
  "upstream_created_at" timestamp(0) not null,
  "inserted_at" timestamp(0) not null,
  "updated_at" timestamp(0) not null,
  primary key ("id")
);
