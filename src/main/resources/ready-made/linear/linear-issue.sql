-- Linear issues. Safe to run again.
create schema if not exists linear;

create table if not exists linear.issues (
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
  identifier text,
  title text,
  description text,
  priority integer,
  priority_label text,
  estimate numeric,
  state text,
  state_type text,
  team_id text,
  team_key text,
  project_id text,
  cycle_id text,
  parent_id text,
  creator_id text,
  assignee_id text,
  assignee_email text,
  labels jsonb,
  due_date date,
  started_at timestamptz,
  completed_at timestamptz,
  canceled_at timestamptz,
  archived_at timestamptz,
  branch_name text,
  url text
);
create index if not exists linear_issues_upstream_id_idx on linear.issues (upstream_id);
create index if not exists linear_issues_sync_external_id_idx on linear.issues (sync_external_id);
create index if not exists linear_issues_team_id_idx on linear.issues (team_id);
create index if not exists linear_issues_project_id_idx on linear.issues (project_id);
