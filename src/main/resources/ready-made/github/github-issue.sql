-- GitHub issues. Safe to run again.
create schema if not exists github;

create table if not exists github.issues (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  number bigint,
  title text,
  state text,
  author text,
  labels jsonb,
  comments integer,
  body text,
  closed_at timestamptz
);
create index if not exists github_issues_upstream_id_idx on github.issues (upstream_id);
create index if not exists github_issues_sync_external_id_idx on github.issues (sync_external_id);
