-- Accounts and their sign-ins. A user's row ends only when the account is deleted; a sign-in ends
-- by logout, by reuse of a refresh token or by expiry, and is pruned after that.
create type plan as enum ('free', 'student', 'pro', 'admin');
create type admin_role as enum ('viewer', 'support', 'ops', 'admin', 'super_admin');

create table users (
  id             uuid        primary key,
  email          text        not null constraint users_email_is_lower_case check (email = lower(email)),
  email_verified boolean     not null default false,
  name           text        not null constraint users_name_length check (char_length(name) between 1 and 100),
  password_hash  text        not null,
  plan           plan        not null default 'free',
  disabled_at    timestamptz,
  failed_logins  int         not null default 0,   -- in a row; a success sets it to 0
  login_after    timestamptz,                      -- back-off, and the lock after 10 in a row
  created_at     timestamptz not null default now(),
  constraint users_email_key unique (email)
);
create index users_by_plan on users (plan, id);

-- Who may be an admin. An account gets the role only when its address is verified.
create table admin_allowlist (
  email    text        primary key check (email = lower(email)),
  role     admin_role  not null,
  added_at timestamptz not null default now()
);

-- One row a device: the family of its refresh tokens. A token names its generation; a token of an
-- earlier generation is a copy in the wrong hands and ends the whole family.
create table sign_ins (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  generation int         not null default 0,
  expires_at timestamptz not null,
  emergency  boolean     not null default false,   -- by an emergency token: a super admin's, and never prolonged
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index sign_ins_by_user on sign_ins (user_id);

-- What an address, or an account, did lately, for the limits on sign-in, registration and what is
-- hard to undo. Pruned after a day.
create table ip_attempts (
  id   bigint      generated always as identity primary key,
  kind text        not null check (kind in ('login', 'registration', 'emergency', 'destructive', 'own_key')),
  ip   text        not null,              -- an address, or the id of an account
  at   timestamptz not null
);
create index ip_attempts_recent on ip_attempts (kind, ip, at);

alter table users enable row level security;
alter table users force row level security;
create policy users_own on users to medai_user using (id = medai_user_id());
create policy users_all on users to medai_platform using (true);
grant select (id, email, email_verified, name, plan, created_at), update (name) on users to medai_user;
grant select, insert, update, delete on users to medai_platform;

alter table sign_ins enable row level security;
alter table sign_ins force row level security;
create policy sign_ins_own on sign_ins to medai_user using (user_id = medai_user_id());
create policy sign_ins_all on sign_ins to medai_platform using (true);
grant select, insert, update on sign_ins to medai_user;
grant select, insert, update, delete on sign_ins to medai_platform;

grant select, insert, delete on ip_attempts to medai_platform;

alter table admin_allowlist enable row level security;
alter table admin_allowlist force row level security;
create policy admin_allowlist_all on admin_allowlist to medai_platform using (true);
grant select, insert, update, delete on admin_allowlist to medai_platform;
