-- What processes run as is not what owns the tables: whoever owns the audit log can take its triggers off and empty it.
-- `medai_process` is a group without login, which has what processes need and owns nothing. `medai migrate` makes the
-- login of DATABASE_URL a member where another one migrates (DATABASE_MIGRATION_URL); where one does both, nothing
-- changes. Roles belong to the whole server, so it may be there already from another database.
do $$
begin
  if not exists (select from pg_roles where rolname = 'medai_process') then
    create role medai_process nologin nosuperuser nobypassrls;
  end if;
exception when duplicate_object or unique_violation then null; -- another database was quicker
end $$;

grant usage on schema public to medai_process;

-- Reading and writing rows, and nothing that touches a table as such. Row-level security is forced, so of what belongs
-- to users it sees nothing before it steps down.
grant select, insert, update, delete on all tables in schema public to medai_process;
alter default privileges in schema public grant select, insert, update, delete on tables to medai_process;

-- The audit log is written and read; what its age allows goes by `medai_platform`, and a trigger sees to that age.
revoke update, delete on audit_log from medai_process;

-- What was migrated is the owner's to say.
do $$
begin
  if to_regclass('_sqlx_migrations') is not null then
    revoke insert, update, delete on _sqlx_migrations from medai_process;
  end if;
end $$;

grant execute on function queue_next_vtime(text, smallint, uuid) to medai_process;
do $$
begin
  -- It belongs to the role whose policies let it look.
  set local role medai_platform;
  grant execute on function caller_state(uuid, uuid) to medai_process;
  reset role;
end $$;

-- Questions that keys of a student's own may serve: as slow as these, so they hold no slot of the others.
insert into queues (name) values ('own_key') on conflict do nothing;
