delete from public.payments where id = :#record.id
