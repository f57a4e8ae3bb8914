delete from public.customers where id = :#record.id
