insert into github.issues as t (id, upstream_id, updated_idx, sync_external_id, number, title, state)
values (:#id, :#upstream_id, :#updated_idx, :#sync.external_id, :#data.number, :#data.title, :#data.state)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  updated_idx = excluded.updated_idx,
  sync_external_id = excluded.sync_external_id,
  number = excluded.number,
  title = excluded.title,
  state = excluded.state
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
