-- As TypeORM makes it of the document's entity, but for id, which @PrimaryColumn() makes a string as it is declared, and for
-- updated_idx, which @Column({ type: "bigint" }) makes large enough.
create table if not exists "subscription" (
  "id" character varying not null,
  "upstream_id" character varying not null,
  "internal_id" character varying not null,
  "updated_at" timestamp not null,
  "inserted_at" timestamp not null,
  "updated_idx" bigint not null,
  "stripe_customer_id" character varying not null,
  "plan_id" character varying not null,
  "quantity" integer not null,
  "metadata" character varying not null,
  constraint "PK_8c3e00ebd02103caa1174cd5d9d" primary key ("id")
);
