-- Two roles: sequin_migrate owns the bundle's own tables and makes them (`migrate`), sequin_run runs the bundle and can
-- create nothing. In the database that the bundle writes to, as a superuser, or as one that may create roles and schemas:
--
--     psql -v ON_ERROR_STOP=1 -1 -f role.sql DATABASE      (-1: all of it or nothing)
--     java -jar sequin-postgres-routes.jar migrate         with postgres.user=sequin_migrate
--     psql -v ON_ERROR_STOP=1 -1 -f role.sql DATABASE      once more: the tables are there now
--
-- It can be run again at any time; after an upgrade of the bundle do so as after the first migrate. Passwords are set
-- afterwards, so that none is in a file or a log: \password sequin_run

do $$
declare
  own record;
begin
  if to_regrole('sequin_migrate') is null then
    create role sequin_migrate login;
  end if;
  if to_regrole('sequin_run') is null then
    create role sequin_run login;
  end if;
  execute format('grant connect on database %I to sequin_migrate, sequin_run', current_database());
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant sequin_migrate to %I', current_user); -- or it could give nothing to that role
  end if;

  -- For migrate. The schema has to be its own: an index on a function is built as the owner of the table, and a restore
  -- of a dump builds it before it grants anything. What another role has made until now becomes its own as well.
  if to_regnamespace('sequin') is null then
    create schema sequin;
  end if;
  alter schema sequin owner to sequin_migrate;
  for own in select oid::regclass as name from pg_class
    where relnamespace = 'sequin'::regnamespace and relkind = 'r'
  loop
    execute format('alter table %s owner to sequin_migrate', own.name);
  end loop;
  for own in select oid::regprocedure as name from pg_proc where pronamespace = 'sequin'::regnamespace
  loop
    execute format('alter function %s owner to sequin_migrate', own.name);
  end loop;

  -- For run, once migrate has made the tables.
  grant usage on schema sequin to sequin_run;
  if to_regclass('sequin.dead_letters') is not null then
    grant select, insert, update on sequin.dead_letters to sequin_run;
    grant select, insert, update, delete on sequin.versions to sequin_run; -- the ledger, and its purge
  end if;
end $$;

-- Only with sequin.dead-letter-retention, and for `replay --discard`:
--   grant delete on sequin.dead_letters to sequin_run;

-- Your own tables, for each schema; delete only for those with a template that deletes:
--   grant usage on schema stripe to sequin_run;
--   grant select, insert, update on stripe.customers to sequin_run;
--   grant select, insert, update, delete on stripe.subscriptions to sequin_run;
-- A table with a serial column needs its sequence too:
--   grant usage on sequence stripe.customers_number_seq to sequin_run;
