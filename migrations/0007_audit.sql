-- Who did what: admins' actions, sign-ins, refusals, and what the platform did by itself. A row is
-- never changed; it ends by pruning, 90 days after it was written at the earliest.
create table audit_log (
  id          bigint      generated always as identity primary key,
  at          timestamptz not null default now(),
  actor_id    uuid,                              -- outlives the account; null: the platform itself, or nobody known
  actor_email text,
  action      text        not null,
  target_type text        not null,
  target_id   text,
  details     jsonb       not null default '{}', -- before and after, never a secret
  ip_address  inet,
  user_agent  text        constraint audit_user_agent_length check (char_length(user_agent) <= 512),
  request_id  text,
  search      tsvector    generated always as (
    to_tsvector('simple', action || ' ' || target_type || ' ' || coalesce(target_id, '') || ' ' || coalesce(actor_email, '')
      || ' ' || translate(coalesce(actor_email, ''), '@.', '  '))  -- an address is found by its parts, too
    || jsonb_to_tsvector('simple', details, '["all"]')
  ) stored
);
create index audit_log_by_time on audit_log (at desc, id desc);
create index audit_log_by_actor on audit_log (actor_id, at desc, id desc) where actor_id is not null;
create index audit_log_by_action on audit_log (action, at desc, id desc);
create index audit_log_by_target on audit_log (target_id, at desc, id desc) where target_id is not null;
create index audit_log_search on audit_log using gin (search);

-- Append-only, for whoever connects: rows are not changed, and go only by age.
create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then -- apart, since a statement's trigger has no row
    if old.at < now() - interval '90 days' then
      return old;
    end if;
  end if;
  raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_log_rows_stay before update or delete on audit_log
  for each row execute function audit_log_is_append_only();
create trigger audit_log_table_stays before truncate on audit_log
  for each statement execute function audit_log_is_append_only();

alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy audit_log_all on audit_log using (current_user <> 'medai_user');
-- Plainly true, or a search could not use its index: it would have to look at each row's policy first.
create policy audit_log_platform on audit_log to medai_platform using (true);
create policy audit_log_write on audit_log for insert to medai_user with check (actor_id = medai_user_id());
grant select, insert, delete on audit_log to medai_platform;
grant insert on audit_log to medai_user;

-- What somebody does over and over is written once a minute, so that a storm of it fills no disk: how
-- often it was in this minute, and how often in the one before without an entry. Pruned after a day.
create table audit_bursts (
  kind     text        not null,
  who      text        not null,              -- an account or an address
  since    timestamptz not null,
  seen     bigint      not null,
  unlogged bigint      not null default 0,
  primary key (kind, who)
);
grant select, insert, update, delete on audit_bursts to medai_platform;
