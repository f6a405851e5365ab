-- What was used, by day in UTC, so that midnight needs no job. `held` is promised to jobs that have
-- not ended; `bypass` is what admins used beyond all limits.
create table usage_days (
  user_id         uuid   not null references users on delete cascade,
  day             date   not null,
  tokens_used     bigint not null default 0 check (tokens_used >= 0),
  tokens_held     bigint not null default 0 constraint usage_tokens_held check (tokens_held >= 0),
  requests_used   bigint not null default 0 check (requests_used >= 0),
  requests_held   bigint not null default 0 constraint usage_requests_held check (requests_held >= 0),
  bypass_tokens   bigint not null default 0,
  bypass_requests bigint not null default 0,
  primary key (user_id, day)
) with (fillfactor = 70);

create table usage_features (
  user_id uuid    not null references users on delete cascade,
  day     date    not null,
  feature feature not null,
  used    bigint  not null default 0 check (used >= 0),
  held    bigint  not null default 0 constraint usage_feature_held check (held >= 0),
  bypass  bigint  not null default 0,
  primary key (user_id, day, feature)
) with (fillfactor = 70);

-- One row a job: first the hold, then what it came to. A row is settled once, which is what makes
-- settling safe to repeat.
create type ledger_state as enum ('held', 'settled', 'released');
create type payer as enum ('plan', 'admin', 'own_key');

create table usage_ledger (
  job_id            uuid         primary key,
  user_id           uuid         not null,             -- outlives the account, as books do
  day               date         not null,
  feature           feature      not null,
  payer             payer        not null,
  state             ledger_state not null default 'held',
  held_tokens       bigint       not null,
  prompt_tokens     bigint       not null default 0,
  completion_tokens bigint       not null default 0,
  tokens_exact      boolean,
  abandoned_calls   int          not null default 0,  -- failed over: the platform's cost, not the student's
  abandoned_tokens  bigint       not null default 0,
  provider          text,
  model             text,
  key_id            uuid,
  created_at        timestamptz  not null default now(),
  settled_at        timestamptz
);
create index usage_ledger_by_day on usage_ledger (day, user_id);

do $$
declare t text;
begin
  foreach t in array array['usage_days', 'usage_features', 'usage_ledger'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_user using (user_id = medai_user_id())', t || '_own', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update on %I to medai_user', t);
    execute format('grant select, insert, update, delete on %I to medai_platform', t);
  end loop;
end $$;
