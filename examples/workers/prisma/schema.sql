-- As prisma migrate makes it of a model `subscriptions` with the fields of the document.
create table if not exists "subscriptions" (
  "id" text not null,
  "upstreamId" text,
  "internalId" text,
  "stripeCustomerId" text,
  "planId" text,
  "quantity" integer,
  "metadata" jsonb,
  "updatedAt" timestamp(3) not null,
  "insertedAt" timestamp(3) not null,
  "updatedIdx" bigint,
  constraint "subscriptions_pkey" primary key ("id")
);
