-- Tries to sign in, wrong ones and those whose password is being looked at: so many are let through for an address,
-- and so many for the e-mail that was tried. A row is made before the password is looked at, and removed where it was
-- right. Others no longer count after a quarter of an hour, and are pruned.
create table sign_in_tries (
  id         bigint      generated always as identity primary key,
  address    text        not null,            -- IPv4, or the /64 of an IPv6 address
  email      bytea       not null,            -- keyed hash: what was tried may be nobody's address, or a password
  account    uuid,                            -- whose e-mail it is, for admins
  client     text,                            -- the device or address that had signed in to it before: counted apart
  held_until timestamptz,                     -- its password is being looked at; after that, it counts as wrong
  at         timestamptz not null
);
create index sign_in_tries_by_address on sign_in_tries (address, at);
create index sign_in_tries_by_email on sign_in_tries (email, at);
create index sign_in_tries_by_account on sign_in_tries (account, at) where account is not null and client is null;
grant select, insert, update, delete on sign_in_tries to medai_platform;

-- What was counted before goes on counting for its address.
insert into sign_in_tries (address, email, at) select ip, '', at from ip_attempts where kind = 'login';
delete from ip_attempts where kind = 'login';

-- No account is locked any more: those whom it knows get in, whoever else tries.
alter table users drop column failed_logins, drop column login_after;

-- From where somebody signed in to an account before: from an address, or on a device that has our cookie. Such a row
-- ends when that was too long ago, or the account forgets its devices.
create table known_clients (
  user_id uuid        not null references users on delete cascade,
  client  text        not null,               -- `address …` or `device …`
  last_at timestamptz not null,
  primary key (user_id, client)
);
create index known_clients_by_age on known_clients (last_at);
alter table known_clients enable row level security;
alter table known_clients force row level security;
create policy known_clients_all on known_clients to medai_platform using (true);
grant select, insert, update, delete on known_clients to medai_platform;

-- Streams outlive the request that was let in. Every process hears at once whose sign-in ended, or who was disabled.
create function sign_in_ended() returns trigger language plpgsql as $$
begin
  perform pg_notify('sign_ins', new.user_id::text);
  return null;
end $$;
create trigger sign_ins_ended after update of revoked_at on sign_ins
  for each row when (old.revoked_at is null and new.revoked_at is not null) execute function sign_in_ended();

create function account_disabled() returns trigger language plpgsql as $$
begin
  perform pg_notify('sign_ins', new.id::text);
  return null;
end $$;
create trigger users_disabled after update of disabled_at on users
  for each row when (old.disabled_at is null and new.disabled_at is not null) execute function account_disabled();

create index sign_ins_by_expiry on sign_ins (expires_at);
