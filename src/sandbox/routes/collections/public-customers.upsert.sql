insert into public.customers (id, name, email, vip, balance, tags, attributes, created_at)
values (:#record.id, :#record.name, :#record.email, :#record.vip, :#record.balance, :#record.tags, :#record.attributes, :#record.created_at)
on conflict (id) do update set
  name = excluded.name,
  email = excluded.email,
  vip = excluded.vip,
  balance = excluded.balance,
  tags = excluded.tags,
  attributes = excluded.attributes,
  created_at = excluded.created_at
