insert into chaos.orders (id, title, amount) values (:#id, :#data.title, :#data.amount)
on conflict (id) do update set title = excluded.title, amount = excluded.amount
