-- Emergency tokens: the way in when no admin can sign in any more. Made at the server's command line,
-- stored as a hash, good once and for minutes. A row is pruned a day after it ran out.
create table emergency_tokens (
  id         uuid        primary key,
  hash       bytea       not null,
  user_id    uuid        not null references users on delete cascade,
  expires_at timestamptz not null,
  used_at    timestamptz,
  created_at timestamptz not null default now(),
  constraint emergency_tokens_hash_key unique (hash)
);
alter table emergency_tokens enable row level security;
alter table emergency_tokens force row level security;
create policy emergency_tokens_all on emergency_tokens to medai_platform using (true);
grant select, insert, update, delete on emergency_tokens to medai_platform;

-- The current state of a caller, asked on every request with a token: one round trip, no
-- transaction, and no more than access control needs.
create function caller_state(caller uuid, via_sign_in uuid)
returns table (email text, email_verified boolean, plan plan, disabled boolean, listed_role admin_role,
  emergency_until timestamptz, has_own_key boolean)
language sql stable security definer set search_path = public, pg_temp
begin atomic
  select u.email, u.email_verified, u.plan, u.disabled_at is not null, a.role,
         case when s.emergency then s.expires_at end,
         exists (select from provider_keys k where k.owner_id = u.id and k.status = 'active' and k.feature is null)
  from users u
  join sign_ins s on s.id = via_sign_in and s.user_id = u.id and s.revoked_at is null
  left join admin_allowlist a on a.email = u.email
  where u.id = caller;
end;
-- Owned by the role whose policies let it look; that needs the right to create for a moment.
grant create on schema public to medai_platform;
alter function caller_state(uuid, uuid) owner to medai_platform;
revoke create on schema public from medai_platform;
do $$
declare login text := current_user;
begin
  set local role medai_platform;
  revoke all on function caller_state(uuid, uuid) from public;
  execute format('grant execute on function caller_state(uuid, uuid) to %I', login);
  reset role;
end $$;
