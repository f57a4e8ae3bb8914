-- GitHub pull requests. Safe to run again.
create schema if not exists github;

create table if not exists github.pull_requests (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  number bigint,
  repository text,
  title text,
  state text,
  draft boolean,
  author text,
  body text,
  html_url text,
  head_ref text,
  head_sha text,
  base_ref text,
  base_sha text,
  labels jsonb,
  assignees jsonb,
  requested_reviewers jsonb,
  merged boolean,
  merged_at timestamptz,
  merge_commit_sha text,
  closed_at timestamptz,
  comments integer,
  review_comments integer,
  commits integer,
  additions integer,
  deletions integer,
  changed_files integer
);
create index if not exists github_pull_requests_upstream_id_idx on github.pull_requests (upstream_id);
create index if not exists github_pull_requests_sync_external_id_idx on github.pull_requests (sync_external_id);
create index if not exists github_pull_requests_repository_idx on github.pull_requests (repository);
