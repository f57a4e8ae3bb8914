-- not while something older of the record can still be replayed: it would bring the row back. What was no record of a known
-- collection may be any
delete from sequin.versions as v
where deleted and changed_at < now() - make_interval(secs => cast(:#${body} as bigint) / 1000.0)
  and not exists (
    select from sequin.dead_letters as d
    where d.record_id = v.id and d.collection = v.collection and d.replayed_at is null)
  and v.collection not in (
    select collection from sequin.dead_letters
    where reason <> 'rejected' and replayed_at is null and collection is not null)
