-- HubSpot contacts. Safe to run again.
create schema if not exists hubspot;

create table if not exists hubspot.contacts (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  email text,
  firstname text,
  lastname text,
  phone text,
  company text,
  jobtitle text,
  website text,
  city text,
  country text,
  lifecyclestage text,
  hs_lead_status text,
  hubspot_owner_id bigint,
  associatedcompanyid bigint,
  num_associated_deals numeric,
  annualrevenue numeric,
  hs_email_optout boolean,
  createdate timestamptz,
  lastmodifieddate timestamptz,
  closedate timestamptz,
  notes_last_contacted timestamptz,
  archived boolean,
  properties jsonb
);
create index if not exists hubspot_contacts_upstream_id_idx on hubspot.contacts (upstream_id);
create index if not exists hubspot_contacts_sync_external_id_idx on hubspot.contacts (sync_external_id);
create index if not exists hubspot_contacts_email_idx on hubspot.contacts (email);
create index if not exists hubspot_contacts_associatedcompanyid_idx on hubspot.contacts (associatedcompanyid);
