-- What admins see of calls and of processes, and what they keep for themselves.

-- Each call of a provider that was made for a question: with which key, how it came out, what it took; never content. Of
-- a job the last 50 are kept. A row ends with its job, or with the account that it was made for.
create table provider_calls (
  id                bigint      generated always as identity primary key,
  job_id            uuid        not null,
  user_id           uuid        not null references users on delete cascade,
  request_id        text,
  key_id            uuid,                              -- null: the student's own, which is no business of admins
  provider          provider    not null,
  model             text        not null,
  outcome           text        not null,              -- `ok`, `cancelled`, or the class of the failure
  http_status       smallint,
  code              text,                              -- the vendor's, from the body of its answer
  reason            text,                              -- in our words, never the vendor's
  began_at          timestamptz not null,
  first_token_ms    int,
  duration_ms       int         not null,
  prompt_tokens     int         not null,
  completion_tokens int         not null,
  tokens_exact      boolean     not null               -- whether these are the provider's own figures
);
create index provider_calls_by_job on provider_calls (job_id, began_at);
create index provider_calls_by_user on provider_calls (user_id);
create index provider_calls_by_request on provider_calls (request_id) where request_id is not null;

-- The processes that are there: a row is renewed with the process's heartbeat and ends with it; one of a process that
-- died is shown as lost for a while, and swept after a day. A worker that an admin drains takes no new jobs.
create table processes (
  name           text        primary key,              -- as `jobs.worker` and `workers.name` have it
  host           text        not null,
  pid            int         not null,
  version        text        not null,
  roles          text[]      not null,                 -- of `api`, `worker`, `scheduler`
  started_at     timestamptz not null,
  seen_at        timestamptz not null,
  alive_until    timestamptz not null,
  draining_since timestamptz
) with (fillfactor = 70);

-- How many jobs a worker runs at a time of a queue.
alter table workers add column slots int not null default 0;

-- Filters of lists that an admin gave a name. A row ends when its admin deletes it, or with the account.
create table saved_filters (
  id         uuid        primary key,
  user_id    uuid        not null references users on delete cascade,
  page       text        not null constraint saved_filters_page check (page in ('jobs', 'users', 'audit')),
  name       text        not null constraint saved_filters_name_length check (char_length(name) between 1 and 60),
  filter     jsonb       not null,
  is_default boolean     not null default false,       -- what the page opens with
  created_at timestamptz not null default now(),
  constraint saved_filters_name unique (user_id, page, name)
);
create unique index saved_filters_one_default on saved_filters (user_id, page) where is_default;

do $$
declare t text;
begin
  foreach t in array array['provider_calls', 'saved_filters'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy %I on %I to medai_platform using (true)', t || '_all', t);
    execute format('grant select, insert, update, delete on %I to medai_platform', t);
  end loop;
end $$;
grant select, insert, update, delete on processes to medai_platform;
