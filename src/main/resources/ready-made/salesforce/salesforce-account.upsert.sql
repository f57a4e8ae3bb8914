-- One Salesforce account. A tombstone changes only the standard fields: what was known of the record stays.
insert into salesforce.accounts as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, name, type, parent_id, owner_id, account_number, account_source, industry, ownership, rating,
   annual_revenue, number_of_employees, phone, website, billing_street, billing_city, billing_state,
   billing_postal_code, billing_country, description, last_activity_date, system_modstamp)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.Name, :#data.Type, :#data.ParentId, :#data.OwnerId,
   :#data.AccountNumber, :#data.AccountSource, :#data.Industry, :#data.Ownership, :#data.Rating, :#data.AnnualRevenue,
   :#data.NumberOfEmployees, :#data.Phone, :#data.Website, :#data.BillingStreet, :#data.BillingCity,
   :#data.BillingState, :#data.BillingPostalCode, :#data.BillingCountry, :#data.Description, :#data.LastActivityDate,
   :#data.SystemModstamp)
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
  type = case when excluded.deleted then t.type else excluded.type end,
  parent_id = case when excluded.deleted then t.parent_id else excluded.parent_id end,
  owner_id = case when excluded.deleted then t.owner_id else excluded.owner_id end,
  account_number = case when excluded.deleted then t.account_number else excluded.account_number end,
  account_source = case when excluded.deleted then t.account_source else excluded.account_source end,
  industry = case when excluded.deleted then t.industry else excluded.industry end,
  ownership = case when excluded.deleted then t.ownership else excluded.ownership end,
  rating = case when excluded.deleted then t.rating else excluded.rating end,
  annual_revenue = case when excluded.deleted then t.annual_revenue else excluded.annual_revenue end,
  number_of_employees = case when excluded.deleted then t.number_of_employees else excluded.number_of_employees end,
  phone = case when excluded.deleted then t.phone else excluded.phone end,
  website = case when excluded.deleted then t.website else excluded.website end,
  billing_street = case when excluded.deleted then t.billing_street else excluded.billing_street end,
  billing_city = case when excluded.deleted then t.billing_city else excluded.billing_city end,
  billing_state = case when excluded.deleted then t.billing_state else excluded.billing_state end,
  billing_postal_code = case when excluded.deleted then t.billing_postal_code else excluded.billing_postal_code end,
  billing_country = case when excluded.deleted then t.billing_country else excluded.billing_country end,
  description = case when excluded.deleted then t.description else excluded.description end,
  last_activity_date = case when excluded.deleted then t.last_activity_date else excluded.last_activity_date end,
  system_modstamp = case when excluded.deleted then t.system_modstamp else excluded.system_modstamp end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
