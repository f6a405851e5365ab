-- Figures for admins, counted as things happen and rolled up at night, so that no page scans jobs, calls or the
-- ledger.

-- How questions ended, and why calls failed, by the minute: `complete`, or what went wrong. `first_token` is a
-- histogram of how long students waited for the first word; its bounds are those of `job_minutes`. Written by
-- workers every few seconds, pruned after two days.
create table answer_minutes (
  minute      timestamptz not null,
  outcome     text        not null,
  count       bigint      not null,
  first_token int[]       not null default '{}',
  primary key (minute, outcome)
) with (fillfactor = 70);

-- Who works. A row is renewed with the heartbeat of its engine and ends with it; one of a worker that died runs
-- out, and is swept after a day.
create table workers (
  queue       text        not null,
  name        text        not null,
  alive_until timestamptz not null,
  primary key (queue, name)
) with (fillfactor = 70);

-- What a million tokens cost in dollars, as an admin says; null is not known.
alter table provider_keys
  add column price_prompt     numeric(12, 6),
  add column price_completion numeric(12, 6),
  add constraint provider_keys_price check (price_prompt >= 0 and price_completion >= 0),
  add constraint provider_keys_priced_whole check ((price_prompt is null) = (price_completion is null));

-- What each shared key used by day, at the price that it had then. A row outlives its key, since what was spent
-- stays spent; pruned with the books of its day.
create table key_days (
  day               date     not null,
  key_id            uuid     not null,
  provider          provider not null,
  last_four         text     not null,
  calls             bigint   not null,
  prompt_tokens     bigint   not null,
  completion_tokens bigint   not null,
  price_prompt      numeric(12, 6),
  price_completion  numeric(12, 6),
  primary key (day, key_id)
) with (fillfactor = 70);

-- What a day really came to, whoever paid; no reset of a limit takes it back. So today's figures are read from
-- these rows, which are found by their day, and not from the ledger.
alter table usage_days
  add column done              bigint not null default 0,
  add column failed            bigint not null default 0,
  add column prompt_tokens     bigint not null default 0,
  add column completion_tokens bigint not null default 0;
create index usage_days_by_day on usage_days (day, user_id);

alter table usage_features
  add column done              bigint not null default 0,
  add column failed            bigint not null default 0,
  add column prompt_tokens     bigint not null default 0,
  add column completion_tokens bigint not null default 0;
create index usage_features_by_day on usage_features (day, user_id);

-- How many were active on a day; those of `usage_rollups` may be counted under several features.
create table usage_day_rollups (
  day   date   not null,
  plan  text   not null,
  users bigint not null,
  primary key (day, plan)
);

-- Who registered when, for the share that came to pay.
create index users_by_registration on users (created_at, plan);

grant select, insert, update, delete on answer_minutes, workers, key_days, usage_day_rollups to medai_platform;

-- The key that answered a question in place of `key_id`: then the entry is a failover, and no change of a state.
alter table provider_health add column to_key uuid;
