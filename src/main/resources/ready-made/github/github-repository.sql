-- GitHub repositories. Safe to run again.
create schema if not exists github;

create table if not exists github.repositories (
  id text primary key,
  upstream_id text,
  deleted boolean not null default false,
  updated_idx bigint not null,
  sync_id text,
  sync_external_id text,
  sync_metadata jsonb,
  upstream_created_at timestamptz,
  upstream_updated_at timestamptz,
  name text,
  full_name text,
  owner text,
  private boolean,
  visibility text,
  fork boolean,
  archived boolean,
  disabled boolean,
  description text,
  homepage text,
  html_url text,
  default_branch text,
  language text,
  license text,
  topics text[],
  size bigint,
  stargazers_count integer,
  watchers_count integer,
  forks_count integer,
  open_issues_count integer,
  pushed_at timestamptz
);
create index if not exists github_repositories_upstream_id_idx on github.repositories (upstream_id);
create index if not exists github_repositories_sync_external_id_idx on github.repositories (sync_external_id);
create index if not exists github_repositories_full_name_idx on github.repositories (full_name);
