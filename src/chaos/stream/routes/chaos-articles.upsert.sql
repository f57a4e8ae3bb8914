insert into chaos.articles as t (id, title, amount, revision, body, commit_lsn, commit_idx, deleted)
values (:#record.id, :#record.title, :#record.amount, :#record.revision, :#record.body,
  :#metadata.commit_lsn, :#metadata.commit_idx, :#action = 'delete')
on conflict (id) do update set
  title = case when excluded.deleted then t.title else excluded.title end,
  amount = case when excluded.deleted then t.amount else excluded.amount end,
  revision = case when excluded.deleted then t.revision else excluded.revision end,
  body = case when excluded.deleted then t.body else excluded.body end,
  commit_lsn = excluded.commit_lsn,
  commit_idx = excluded.commit_idx,
  deleted = excluded.deleted
where t.commit_lsn is null or (t.commit_lsn, t.commit_idx) <= (excluded.commit_lsn, excluded.commit_idx)
