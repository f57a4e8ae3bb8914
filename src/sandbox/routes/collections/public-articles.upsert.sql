insert into public.articles (id, title, views, body)
values (:#record.id, :#record.title, :#record.views, :#record.body)
on conflict (id) do update set
  title = excluded.title,
  views = excluded.views,
  body = excluded.body
