-- What befell provider keys, what they did of late, and what the days came to.

-- Every change of a key's state, and every failure that told something about it, written with the
-- change itself. A row outlives its key, and ends by pruning after 90 days.
create type health_source as enum ('call', 'probe', 'admin');

create table provider_health (
  id          bigint        generated always as identity primary key,
  at          timestamptz   not null,
  key_id      uuid          not null,
  shared      boolean       not null,          -- false: a student's own, no business of admins
  provider    provider      not null,
  feature     feature,                         -- null: any
  from_status key_status    not null,
  to_status   key_status    not null,
  failures    int           not null,          -- in a row, after this one
  class       text,                            -- null: it succeeded, or an admin said so
  http_status smallint,
  reason      text,                            -- in our words, never the vendor's
  source      health_source not null
);
create index provider_health_by_time on provider_health (at desc, id desc);
create index provider_health_by_key on provider_health (key_id, at desc);

-- What each key did, by five minutes, for rates and charts. Pruned after a week.
create table key_activity (
  key_id     uuid        not null references provider_keys on delete cascade,
  bucket     timestamptz not null,
  calls      bigint      not null default 0,
  failures   bigint      not null default 0,
  latency_ms bigint      not null default 0,   -- to the first token, of those that succeeded, summed up
  tokens     bigint      not null default 0,
  primary key (key_id, bucket)
) with (fillfactor = 70);

-- What was used of keys that have limits: by the second for limits of a minute, by the provider's day
-- for those of a day. Workers add to it and read each other's here. A row ends with its window.
create type usage_span as enum ('second', 'day');

create table key_usage (
  key_id   uuid        not null references provider_keys on delete cascade,
  span     usage_span  not null,
  slot     timestamptz not null,
  requests bigint      not null default 0,
  tokens   bigint      not null default 0,
  primary key (key_id, span, slot)
) with (fillfactor = 70);

-- The platform's usage by day, so that charts never scan the ledger. A day is rolled up after its
-- midnight, and again while late answers of it may have been settled.
create table usage_rollups (
  day               date    not null,
  plan              text    not null,          -- at that time; `deleted` where the account is gone
  feature           feature not null,
  users             bigint  not null,
  requests          bigint  not null,
  failed            bigint  not null,          -- given back
  prompt_tokens     bigint  not null,
  completion_tokens bigint  not null,
  abandoned_calls   bigint  not null,
  abandoned_tokens  bigint  not null,
  primary key (day, plan, feature)
);

grant select, insert, update, delete on provider_health, key_activity, key_usage, usage_rollups to medai_platform;

-- Until when a plan is paid for; null is without an end. Then the account is on the free plan again.
alter table users add column plan_until timestamptz;
create index users_by_plan_until on users (plan_until) where plan_until is not null;
