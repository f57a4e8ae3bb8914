insert into chaos.orders (id, title, amount, seal) values (:#id, :#data.title, :#data.amount, :#data.seal)
on conflict (id) do update set title = excluded.title, amount = excluded.amount, seal = excluded.seal
