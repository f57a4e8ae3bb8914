-- Records the versions that are not older than what the ledger holds, locks their rows, and returns their IDs.
-- In the order of the IDs, so that two workers cannot deadlock.
insert into sequin.versions as v (collection, id, version, deleted)
select cast(:#${variable.group.collection} as text), r.id, r.version, r.deleted
from json_to_recordset(cast(:#${variable.entries} as json)) as r (id text, version bigint, deleted boolean)
order by r.id
on conflict (collection, id) do update set
  version = excluded.version,
  deleted = excluded.deleted,
  changed_at = excluded.changed_at
where v.version <= excluded.version
returning id
