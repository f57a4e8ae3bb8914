delete from public.articles where id = :#record.id
