-- Two roles without login, which every transaction about people steps down to (`set local role`):
--   medai_user      sees the rows of one user, the one named by the setting `medai.user`;
--   medai_platform  sees all users, for admins, sign-in and housekeeping.
-- Neither can bypass row-level security, so a superuser's DATABASE_URL changes nothing. Roles belong
-- to the whole server, so they may be there already from another database.
do $$
begin
  if not exists (select from pg_roles where rolname = 'medai_user') then
    create role medai_user nologin nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'medai_platform') then
    create role medai_platform nologin nosuperuser nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null; -- another database was quicker
end $$;

-- The login that migrates is also the one that serves, unless an operator grants these to another.
-- Without inheriting, where the server knows how (16 and later): a query that forgot to step down
-- then sees no user's rows at all.
do $$
declare how text := case when current_setting('server_version_num')::int >= 160000
  then ' with inherit false, set true' else '' end;
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant medai_user, medai_platform to %I%s', current_user, how);
  end if;
end $$;

grant usage on schema public to medai_user, medai_platform;

-- Who the transaction is for; null outside of `begin_as`, and then no policy lets a row through.
create function medai_user_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('medai.user', true), '')::uuid;
