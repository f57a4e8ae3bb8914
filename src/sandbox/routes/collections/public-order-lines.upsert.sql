insert into public.order_lines (order_id, line, product, quantity, price)
values (:#record.order_id, :#record.line, :#record.product, :#record.quantity, :#record.price)
on conflict (order_id, line) do update set
  product = excluded.product,
  quantity = excluded.quantity,
  price = excluded.price
