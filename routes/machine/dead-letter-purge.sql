-- No more at once than a statement has time for: the rest is left for the next time.
delete from sequin.dead_letters
where id in (
  select id from sequin.dead_letters
  where consumer = :#${variable.consumer}
    and replayed_at < now() - make_interval(secs => cast(:#${body} as bigint) / 1000.0)
  limit 20000)
  and replayed_at is not null -- one that failed again meanwhile is pending
