-- The pool of provider keys. A row ends when an admin (or its student) deletes it. Values are
-- encrypted by the program; the database never sees one in clear.
create type provider as enum ('gemini', 'openai', 'ollama', 'demo');
create type key_status as enum ('pending', 'active', 'degraded', 'disabled');

create table provider_keys (
  id              uuid        primary key,
  owner_id        uuid        references users on delete cascade,   -- null: shared
  provider        provider    not null,
  feature         feature,                                          -- null: any
  ciphertext      bytea       not null,
  cipher_key_id   text        not null,                             -- which master key: two live during a rotation
  fingerprint     bytea       not null,                             -- keyed hash, to find duplicates
  last_four       text        not null,
  priority        int         not null default 0,
  status          key_status  not null default 'active',
  failure_count   int         not null default 0,                   -- in a row
  cooldown_until  timestamptz,
  reason          text,
  quota_group     text,
  base_url        text,
  model           text,
  limits          jsonb       not null default '{}',                -- rpm, tpm, rpd
  never_fall_back boolean     not null default false,
  trial_until     timestamptz,                                      -- half-open: a degraded key has one caller at a time
  remaining       jsonb       not null default '{}',                -- what its provider says is left of its quota
  quota_warned_until timestamptz,                                   -- admins were told that it runs low, until it resets
  last_used_at    timestamptz,
  last_success_at timestamptz,                                      -- of a student's call: then no probe is needed
  last_probed_at  timestamptz,
  successes       bigint      not null default 0,
  failures        bigint      not null default 0,
  latency_ms      int,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now()
);
-- The same key twice for one feature would only fail twice.
create unique index provider_keys_no_duplicates
  on provider_keys (fingerprint, owner_id, feature) nulls not distinct;
create index provider_keys_by_owner on provider_keys (owner_id) where owner_id is not null;

-- Every process holds the pool in memory and refreshes it when this rings. Figures that change with
-- each call (last use, counts) do not ring.
create function provider_keys_changed() returns trigger language plpgsql as $$
begin
  perform pg_notify('keys', '');
  return null;
end $$;
create trigger provider_keys_changed_rows after insert or delete on provider_keys
  for each statement execute function provider_keys_changed();
create trigger provider_keys_changed_state
  after update of provider, feature, ciphertext, priority, status, failure_count, cooldown_until, trial_until,
    quota_group, base_url, model, limits, never_fall_back on provider_keys
  for each statement execute function provider_keys_changed();

alter table provider_keys enable row level security;
alter table provider_keys force row level security;
create policy provider_keys_own on provider_keys to medai_user using (owner_id = medai_user_id());
create policy provider_keys_all on provider_keys using (current_user <> 'medai_user');
grant select, insert, update, delete on provider_keys to medai_user, medai_platform;
