-- Salesforce accounts. Safe to run again.
create schema if not exists salesforce;

create table if not exists salesforce.accounts (
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
  type text,
  parent_id text,
  owner_id text,
  account_number text,
  account_source text,
  industry text,
  ownership text,
  rating text,
  annual_revenue numeric,
  number_of_employees integer,
  phone text,
  website text,
  billing_street text,
  billing_city text,
  billing_state text,
  billing_postal_code text,
  billing_country text,
  description text,
  last_activity_date date,
  system_modstamp timestamptz
);
create index if not exists salesforce_accounts_upstream_id_idx on salesforce.accounts (upstream_id);
create index if not exists salesforce_accounts_sync_external_id_idx on salesforce.accounts (sync_external_id);
create index if not exists salesforce_accounts_parent_id_idx on salesforce.accounts (parent_id);
