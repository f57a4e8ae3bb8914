-- One Stripe customer. A deletion keeps what was known of it.
insert into customers as t (id, updated_idx, deleted, name, email)
values (:#id, :#updated_idx, :#deleted, :#data.name, :#data.email)
on conflict (id) do update set
  updated_idx = excluded.updated_idx,
  deleted = excluded.deleted,
  name = case when excluded.deleted then t.name else excluded.name end,
  email = case when excluded.deleted then t.email else excluded.email end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
