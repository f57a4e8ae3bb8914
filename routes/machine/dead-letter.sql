-- The message comes as its bytes: a string of 100 MB would be in memory several times.
-- insert ... select, because the driver would rewrite insert ... values into one statement,
-- and that cannot raise the attempts of one dead letter twice.
insert into sequin.dead_letters as d
  (consumer, collection, record_id, version, reason, sqlstate, error, message, message_bytes, identity)
select
  cast(:#consumer as text), cast(:#collection as text), cast(:#record_id as text), cast(:#version as numeric),
  cast(:#reason as text), cast(:#sqlstate as text), cast(:#error as text), convert_from(cast(:#message as bytea), 'UTF8'),
  cast(:#message_bytes as bytea), cast(:#identity as text)
on conflict (coalesce(identity, sequin.dead_letter_identity(consumer, collection, record_id, version))) do update set
  reason = excluded.reason,
  sqlstate = excluded.sqlstate,
  error = excluded.error,
  message = excluded.message,
  message_bytes = excluded.message_bytes,
  identity = excluded.identity,
  last_failed_at = excluded.last_failed_at,
  attempts = d.attempts + 1,
  replayed_at = null
