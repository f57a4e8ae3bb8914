insert into chaos.notes (id, title, amount, deleted) values (:#id, :#data.title, :#data.amount, :#deleted)
on conflict (id) do update set title = excluded.title, amount = excluded.amount, deleted = excluded.deleted
