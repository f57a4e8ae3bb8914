-- Salesforce contacts. Safe to run again.
create schema if not exists salesforce;

create table if not exists salesforce.contacts (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  account_id text,
  owner_id text,
  reports_to_id text,
  name text,
  first_name text,
  last_name text,
  salutation text,
  title text,
  department text,
  email text,
  phone text,
  mobile_phone text,
  birthdate date,
  lead_source text,
  mailing_street text,
  mailing_city text,
  mailing_state text,
  mailing_postal_code text,
  mailing_country text,
  description text,
  has_opted_out_of_email boolean,
  do_not_call boolean,
  last_activity_date date,
  system_modstamp timestamptz
);
create index if not exists salesforce_contacts_upstream_id_idx on salesforce.contacts (upstream_id);
create index if not exists salesforce_contacts_sync_external_id_idx on salesforce.contacts (sync_external_id);
create index if not exists salesforce_contacts_account_id_idx on salesforce.contacts (account_id);
