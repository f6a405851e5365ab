-- Takes up to $3 ready jobs of queue $1 for worker $2, with a lease of $4 seconds.
--
-- Order: priority, then virtual time, so that a tenant who asks for much waits behind one who asks
-- for little. A tenant runs at most $5 jobs at a time: jobs of tenants that are at the cap are passed
-- over, and of those picked here only as many stay as fit below it. Where $6 says that slots are few and jobs
-- long, a tenant has one of them while another waits who has none. A worker that an admin drains gets none. SKIP LOCKED lets workers claim
-- side by side; the lease, not the transaction, is what holds a job while it runs.
with load as materialized (
  select tenant, count(*) as running from jobs
  where queue = $1 and state = 'running' and tenant is not null
  group by tenant
), cap as materialized (
  select case when $6::boolean and exists (
           select from jobs
           where queue = $1 and state = 'ready' and tenant is not null
             and not exists (select from load where load.tenant = jobs.tenant)
         ) then 1 else $5::bigint end as at_most
), picked as materialized (
  select id, tenant, priority, vtime from jobs
  where queue = $1 and state = 'ready'
    and (select paused_at is null from queues where name = $1)
    and not exists (select from processes where name = $2 and draining_since is not null)
    and not exists (select from load where load.tenant = jobs.tenant and load.running >= (select at_most from cap))
  order by priority, vtime, id
  limit $3
  for update skip locked
), fair as materialized (
  select picked.id, picked.priority, picked.vtime,
         picked.tenant is null
           or row_number() over (partition by picked.tenant order by picked.priority, picked.vtime, picked.id)
              + coalesce((select running from load where load.tenant = picked.tenant), 0) <= (select at_most from cap) as fits
  from picked
), started as (
  update jobs
  set state = 'running', attempt = attempt + 1, epoch = epoch + 1, worker = $2,
      lease_until = now() + make_interval(secs => $4), started_at = coalesce(started_at, now()),
      attempted_at = now(), error = null
  from fair
  where jobs.id = fair.id and fair.fits
  returning jobs.id, jobs.name, jobs.payload, jobs.tenant, jobs.epoch, jobs.attempt, jobs.max_attempts, jobs.snoozes,
            jobs.request_id, jobs.trace_context, jobs.cancel_requested, jobs.run_at, jobs.created_at, fair.priority, fair.vtime
)
select id as "id: JobId", name, payload, tenant as "tenant: UserId", epoch, attempt, max_attempts, snoozes, request_id,
       trace_context, cancel_requested, (extract(epoch from now() - run_at) * 1000)::bigint as "waited_ms!",
       (extract(epoch from now() - created_at) * 1000)::bigint as "age_ms!",
       (select count(*) from fair where not fits) > 0 as "more!"
from started
order by priority, vtime, id
