insert into public.payments (id, amount, status, note, paid_at)
values (:#record.id, :#record.amount, :#record.status, :#record.note, :#record.paid_at)
on conflict (id) do update set
  amount = excluded.amount,
  status = excluded.status,
  note = excluded.note,
  paid_at = excluded.paid_at
