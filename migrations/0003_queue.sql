-- The queue. A job is a row; it lives through ready (or scheduled) and running to an end, and is
-- kept for a while after that so that a late reader and an admin can see how it ended.
create type job_state as enum ('scheduled', 'ready', 'running', 'done', 'cancelled', 'discarded');

create table queues (
  name      text        primary key,
  paused_at timestamptz
);
insert into queues (name) values ('chat'), ('command'), ('ingest'), ('probe'), ('notify'), ('maintenance');

create table jobs (
  id               uuid        primary key,
  queue            text        not null,              -- one of `queues`; a foreign key would cost each insert a look
  name             text        not null,
  payload          jsonb       not null,              -- ids and policy, never content
  tenant           uuid,                              -- the user it is for, if any
  state            job_state   not null default 'ready',
  priority         smallint    not null default 0,    -- lower first
  vtime            bigint      not null default 0,    -- virtual time: the order within a priority
  run_at           timestamptz not null default now(),
  attempt          smallint    not null default 0,    -- starts that count
  max_attempts     smallint    not null check (max_attempts > 0),
  epoch            bigint      not null default 0,    -- starts that ever were: the fencing token
  snoozes          int         not null default 0,    -- starts that ended in a snooze
  lease_until      timestamptz,
  worker           text,
  cancel_requested boolean     not null default false,
  unique_key       text,
  error            text,                              -- why the last attempt failed, in our words
  progress         jsonb,
  ending           jsonb,                             -- the terminal event, as its readers get it
  request_id       text,                              -- of the request that caused it
  trace_context    text,                              -- W3C traceparent of its cause, where that is traced
  created_at       timestamptz not null default now(),
  started_at       timestamptz,
  attempted_at     timestamptz,                       -- the last start
  finished_at      timestamptz,
  history          jsonb       not null default '[]', -- the starts that did not end it, the last 50 of them
  retried_as       uuid,                              -- the job that an admin had it done again by
  constraint jobs_leased_iff_running check ((state = 'running') = (lease_until is not null)),
  constraint jobs_finished_iff_ended check ((state in ('done', 'cancelled', 'discarded')) = (finished_at is not null))
) with (
  fillfactor = 90,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_cost_delay = 0
);

-- Few indexes, since each start and end of a job writes to all that hold it. Finished jobs are found
-- by their id, which begins with the time; leases that ran out among the few that run.
-- This is what the claim reads, in the order in which it reads it.
create index jobs_ready on jobs (queue, priority, vtime, id) include (tenant) where state = 'ready';
create index jobs_scheduled on jobs (queue, run_at) where state = 'scheduled';
create index jobs_running on jobs (queue, tenant) where state = 'running';
-- At most one live job a key.
create unique index jobs_unique_live on jobs (name, unique_key)
  where unique_key is not null and state in ('scheduled', 'ready', 'running');

-- The virtual time that each tenant has been given in each queue. A tenant that asks for much runs
-- ahead of the others and waits; rows that fell behind mean nothing and are pruned.
create table queue_tenants (
  queue  text   not null,
  tenant uuid   not null,
  vtime  bigint not null,
  primary key (queue, tenant)
) with (fillfactor = 70);
create index queue_tenants_front on queue_tenants (queue, vtime);

-- The virtual time of a tenant's next job (start-time fair queueing): one more than its last, but
-- never behind the queue's front, so that nobody saves up rights by asking for nothing. With nothing
-- ready, all have been served what they asked, and the next round starts level for everybody.
-- Security definer, since the front is made of others' rows.
create function queue_next_vtime(of_queue text, of_priority smallint, for_tenant uuid) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  front bigint;
  mine  bigint;
begin
  select vtime into front from jobs
  where queue = of_queue and priority = of_priority and state = 'ready'
  order by priority, vtime, id limit 1;
  if front is null then
    select vtime into front from queue_tenants where queue = of_queue order by vtime desc limit 1;
  end if;
  front := coalesce(front, 0);
  if for_tenant is null then
    return front;
  end if;
  insert into queue_tenants as t (queue, tenant, vtime) values (of_queue, for_tenant, front)
  on conflict (queue, tenant) do update set vtime = greatest(t.vtime + 1, front)
  returning vtime into mine;
  return mine;
end $$;

-- What an admin looks for first among the finished.
create index jobs_troubled on jobs (id) where state in ('discarded', 'cancelled');

-- Runs of jobs as workers counted them, so that charts never scan the jobs: by the minute for two
-- days, and by the hour after that. `waits` and `runs` are histograms; their bounds are in the program.
create table job_minutes (
  minute  timestamptz not null,
  queue   text        not null,
  name    text        not null,
  outcome text        not null,
  jobs    bigint      not null,
  wait_ms bigint      not null,
  run_ms  bigint      not null,
  waits   int[]       not null,
  runs    int[]       not null,
  primary key (minute, queue, name, outcome)
);
create table job_hours (
  hour    timestamptz not null,
  queue   text        not null,
  name    text        not null,
  outcome text        not null,
  jobs    bigint      not null,
  wait_ms bigint      not null,
  run_ms  bigint      not null,
  waits   int[]       not null,
  runs    int[]       not null,
  primary key (hour, queue, name, outcome)
);
create function add_histograms(a int[], b int[]) returns int[]
language sql immutable parallel safe
return (select coalesce(array_agg(coalesce(x, 0) + coalesce(y, 0) order by n), '{}')
        from unnest(a, b) with ordinality as u(x, y, n));
create aggregate sum_histograms(int[]) (sfunc = add_histograms, stype = int[], initcond = '{}');

-- One more entry in a job's history, which forgets the oldest.
create function with_attempt(history jsonb, attempt jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_array_length(history) >= 50 then history - 0 else history end || attempt;

-- Ticks of the schedule that were enqueued. They outlive their jobs, so that no tick runs twice.
create table schedule_ticks (
  name text        not null,
  tick timestamptz not null,
  primary key (name, tick)
);

-- Which scheduler ticks.
create table scheduler_lease (
  only_row  boolean     primary key default true check (only_row),
  holder    text        not null,
  until     timestamptz not null
);

-- A user may add jobs of their own and look at them, and nothing else.
alter table jobs enable row level security;
alter table jobs force row level security;
create policy jobs_own on jobs to medai_user using (tenant = medai_user_id());
create policy jobs_all on jobs using (current_user <> 'medai_user');  -- the queue itself steps down to nobody
grant select, insert, update on jobs to medai_user;
grant select, insert, update, delete on jobs to medai_platform;
grant select on queues to medai_user;
revoke all on function queue_next_vtime(text, smallint, uuid) from public;
grant execute on function queue_next_vtime(text, smallint, uuid) to medai_user, medai_platform;
grant select, insert, update, delete on queues to medai_platform;
grant select, insert, update, delete on queue_tenants to medai_platform;
grant select, insert, update, delete on job_minutes, job_hours, schedule_ticks, scheduler_lease to medai_platform;
