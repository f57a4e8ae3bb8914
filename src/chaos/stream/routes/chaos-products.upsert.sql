insert into chaos.products (id, title, amount, revision, body)
values (:#record.id, :#record.title, :#record.amount, :#record.revision, :#record.body)
on conflict (id) do update set
  title = excluded.title,
  amount = excluded.amount,
  revision = excluded.revision,
  body = excluded.body
