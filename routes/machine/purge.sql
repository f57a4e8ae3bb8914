delete from sequin.versions
where deleted and changed_at < now() - make_interval(secs => cast(:#${body} as bigint) / 1000.0)
