-- As drizzle-kit makes it of the document's pgTable, but for updated_idx: its integer ends at 2147483647.
create table if not exists "subscription" (
  "id" text primary key not null,
  "upstream_id" text,
  "internal_id" text,
  "updated_at" timestamp,
  "inserted_at" timestamp,
  "updated_idx" bigint,
  "stripe_customer_id" text,
  "plan_id" text,
  "quantity" integer,
  "metadata" jsonb
);
