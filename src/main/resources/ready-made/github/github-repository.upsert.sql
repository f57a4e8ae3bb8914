-- One GitHub repository. A tombstone changes only the standard fields: what was known of the record stays.
insert into github.repositories as t
  (id, upstream_id, deleted, updated_idx, sync_id, sync_external_id, sync_metadata, upstream_created_at,
   upstream_updated_at, name, full_name, owner, private, visibility, fork, archived, disabled, description, homepage,
   html_url, default_branch, language, license, topics, size, stargazers_count, watchers_count, forks_count,
   open_issues_count, pushed_at)
values
  (:#id, :#upstream_id, :#deleted, :#updated_idx, :#sync.id, :#sync.external_id, :#sync.metadata,
   :#upstream_created_at, :#upstream_updated_at, :#data.name, :#data.full_name, :#data.owner.login, :#data.private,
   :#data.visibility, :#data.fork, :#data.archived, :#data.disabled, :#data.description, :#data.homepage,
   :#data.html_url, :#data.default_branch, :#data.language, :#data.license.spdx_id, :#data.topics, :#data.size,
   :#data.stargazers_count, :#data.watchers_count, :#data.forks_count, :#data.open_issues_count, :#data.pushed_at)
on conflict (id) do update set
  upstream_id = excluded.upstream_id,
  deleted = excluded.deleted,
  updated_idx = excluded.updated_idx,
  sync_id = excluded.sync_id,
  sync_external_id = excluded.sync_external_id,
  sync_metadata = excluded.sync_metadata,
  upstream_created_at = excluded.upstream_created_at,
  upstream_updated_at = excluded.upstream_updated_at,
  name = case when excluded.deleted then t.name else excluded.name end,
  full_name = case when excluded.deleted then t.full_name else excluded.full_name end,
  owner = case when excluded.deleted then t.owner else excluded.owner end,
  private = case when excluded.deleted then t.private else excluded.private end,
  visibility = case when excluded.deleted then t.visibility else excluded.visibility end,
  fork = case when excluded.deleted then t.fork else excluded.fork end,
  archived = case when excluded.deleted then t.archived else excluded.archived end,
  disabled = case when excluded.deleted then t.disabled else excluded.disabled end,
  description = case when excluded.deleted then t.description else excluded.description end,
  homepage = case when excluded.deleted then t.homepage else excluded.homepage end,
  html_url = case when excluded.deleted then t.html_url else excluded.html_url end,
  default_branch = case when excluded.deleted then t.default_branch else excluded.default_branch end,
  language = case when excluded.deleted then t.language else excluded.language end,
  license = case when excluded.deleted then t.license else excluded.license end,
  topics = case when excluded.deleted then t.topics else excluded.topics end,
  size = case when excluded.deleted then t.size else excluded.size end,
  stargazers_count = case when excluded.deleted then t.stargazers_count else excluded.stargazers_count end,
  watchers_count = case when excluded.deleted then t.watchers_count else excluded.watchers_count end,
  forks_count = case when excluded.deleted then t.forks_count else excluded.forks_count end,
  open_issues_count = case when excluded.deleted then t.open_issues_count else excluded.open_issues_count end,
  pushed_at = case when excluded.deleted then t.pushed_at else excluded.pushed_at end
where t.updated_idx is null or t.updated_idx <= excluded.updated_idx
