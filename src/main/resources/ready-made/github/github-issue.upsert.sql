-- One GitHub issue. A tombstone changes only the standard fields: what was known of the record stays.
insert into github.issues as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, number, title, state, author, labels, comments, body, closed_at)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.number, :#data.title, :#data.state, :#data.user.login,
   :#data.labels, :#data.comments, :#data.body, :#data.closed_at)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  number = case when excluded.deleted then t.number else excluded.number end,
  title = case when excluded.deleted then t.title else excluded.title end,
  state = case when excluded.deleted then t.state else excluded.state end,
  author = case when excluded.deleted then t.author else excluded.author end,
  labels = case when excluded.deleted then t.labels else excluded.labels end,
  comments = case when excluded.deleted then t.comments else excluded.comments end,
  body = case when excluded.deleted then t.body else excluded.body end,
  closed_at = case when excluded.deleted then t.closed_at else excluded.closed_at end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
