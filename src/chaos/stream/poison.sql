-- Of the source and of the target: what the target refuses.
create schema audit;
create function audit.is_poison(id text, title text, amount numeric) returns boolean language sql immutable as $$
  select title is null or amount < 0 or amount > 1e18 or id like '%-sleeper-%'
$$;
