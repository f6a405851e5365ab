//! Looking through the queue as an admin: how each queue is, and lists of jobs, whoever they are for.
//!
//! A table of a million finished jobs has few indexes on purpose, so a list with a narrow filter is
//! looked for in windows: a page may then hold fewer jobs than asked for, or none, and still have a next.

use chrono::{DateTime, Utc};
use domain::ids::{JobId, UserId};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::record::JobState;

/// Jobs that one page looks at, at most.
const WINDOW: i64 = 50_000;

/// The most that is counted of what waits; beyond that it only says "many".
const COUNTED: i64 = 100_000;

/// How a queue is now.
#[derive(Debug, Clone)]
pub struct QueueState {
    /// Its name.
    pub name: String,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// Jobs that wait for a worker, counted up to a hundred thousand.
    pub ready: i64,
    /// Jobs that wait for their time.
    pub scheduled: i64,
    /// Jobs that a worker has.
    pub running: i64,
    /// Since when the first in line has waited.
    pub oldest: Option<DateTime<Utc>>,
    /// Since when the longest running one has run.
    pub longest: Option<DateTime<Utc>>,
}

/// All queues.
///
/// # Errors
/// The database's.
pub async fn queues(pool: &PgPool) -> sqlx::Result<Vec<QueueState>> {
    sqlx::query_as!(
        QueueState,
        r#"select q.name, q.paused_at,
             (select count(*) from (select 1 from jobs j where j.queue = q.name and j.state = 'ready' limit $1) r) as "ready!",
             (select count(*) from (select 1 from jobs j where j.queue = q.name and j.state = 'scheduled' limit $1) s) as "scheduled!",
             (select count(*) from jobs j where j.queue = q.name and j.state = 'running') as "running!",
             (select min(f.run_at) from (select j.run_at from jobs j where j.queue = q.name and j.state = 'ready'
                                         order by j.priority, j.vtime, j.id limit 1000) f) as oldest,
             (select min(j.attempted_at) from jobs j where j.queue = q.name and j.state = 'running') as longest
           from queues q order by q.name"#,
        COUNTED,
    )
    .fetch_all(pool)
    .await
}

/// Runs of one queue, name and outcome within a time.
#[derive(Debug, Clone)]
pub struct Runs {
    /// The queue.
    pub queue: String,
    /// The job's name.
    pub name: String,
    /// `done`, `retried`, `snoozed`, `cancelled` or `discarded`.
    pub outcome: String,
    /// How many.
    pub jobs: i64,
    /// How long they waited: a histogram over [`super::counters::BOUNDS`].
    pub waits: Vec<i32>,
    /// How long they ran: a histogram.
    pub runs: Vec<i32>,
}

/// What ran since `since`, which is within the last two days.
///
/// # Errors
/// The database's.
pub async fn runs_since(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<Vec<Runs>> {
    sqlx::query_as!(
        Runs,
        r#"select queue, name, outcome, sum(jobs)::bigint as "jobs!", sum_histograms(waits) as "waits!",
                  sum_histograms(runs) as "runs!"
           from job_minutes where minute >= $1 group by queue, name, outcome order by queue, name, outcome"#,
        since,
    )
    .fetch_all(pool)
    .await
}

/// Runs of a queue in one slice of time, for a chart.
#[derive(Debug, Clone)]
pub struct Slice {
    /// Its beginning.
    pub at: DateTime<Utc>,
    /// The queue.
    pub queue: String,
    /// Runs that came to their end.
    pub done: i64,
    /// Runs that failed, for good or to be tried again.
    pub failed: i64,
}

/// What ran by the minute since `since`, which is within the last two days.
///
/// # Errors
/// The database's.
pub async fn by_minute(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<Vec<Slice>> {
    sqlx::query_as!(
        Slice,
        r#"select minute as at, queue, coalesce(sum(jobs) filter (where outcome = 'done'), 0)::bigint as "done!",
                  coalesce(sum(jobs) filter (where outcome in ('retried', 'discarded')), 0)::bigint as "failed!"
           from job_minutes where minute >= $1 group by minute, queue order by minute, queue"#,
        since,
    )
    .fetch_all(pool)
    .await
}

/// What a list is narrowed by.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filter {
    /// Of this queue.
    pub queue: Option<String>,
    /// That do this.
    pub name: Option<String>,
    /// In this state.
    pub state: Option<JobState>,
    /// That failed: given up, or come to an end that was an error.
    pub failed: bool,
    /// Without what nobody asked for: housekeeping, and tests of keys.
    pub asked_for: bool,
    /// For this user.
    pub user: Option<UserId>,
    /// Whose id or request id is this, or whose error holds it.
    pub q: Option<String>,
}

/// A job as an admin sees it, without its arguments.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub name: String,
    /// Where it waits or waited.
    pub queue: String,
    /// The user it is for.
    pub tenant: Option<UserId>,
    /// Where it is in its life.
    pub state: JobState,
    /// Lower goes first.
    pub priority: i16,
    /// Starts that count.
    pub attempt: i16,
    /// The start that is the last.
    pub max_attempts: i16,
    /// Who has or had it.
    pub worker: Option<String>,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// How it ended, as its readers were told.
    pub ending: Option<Value>,
    /// How far it is.
    pub progress: Option<Value>,
    /// Of the request that caused it.
    pub request_id: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Not before this time.
    pub run_at: DateTime<Utc>,
    /// The first start.
    pub started_at: Option<DateTime<Utc>>,
    /// The last start.
    pub attempted_at: Option<DateTime<Utc>>,
    /// The end.
    pub finished_at: Option<DateTime<Utc>>,
    /// The job that an admin had it done again by.
    pub retried_as: Option<JobId>,
}

/// Some jobs, the newest first.
#[derive(Debug)]
pub struct Found {
    /// The jobs.
    pub rows: Vec<Row>,
    /// Where the next page begins: below this id.
    pub next: Option<JobId>,
}

/// Lists jobs below `before`, the newest first.
///
/// # Errors
/// The database's.
pub async fn list(pool: &PgPool, filter: &Filter, before: Option<JobId>, limit: i64) -> sqlx::Result<Found> {
    // Without a null, so that each index begins at the page and not at its newest job.
    let below = before.map_or(Uuid::max(), |id| id.0);
    if filter.failed {
        return failed(pool, filter, below, limit).await;
    }
    let live = matches!(filter.state, Some(JobState::Scheduled | JobState::Ready | JobState::Running));
    let troubled = matches!(filter.state, Some(JobState::Discarded | JobState::Cancelled));
    let id = filter.q.as_deref().and_then(|q| q.trim().parse::<Uuid>().ok());
    // States of few jobs have indexes of their own, each found by its own part of the statement, of which only that
    // part is run; all else is looked for in a window.
    let windowed = !live && !troubled;
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id!: JobId", name as "name!", queue as "queue!", tenant as "tenant: UserId",
                  state as "state!: JobState", priority as "priority!", attempt as "attempt!",
                  max_attempts as "max_attempts!", worker, error, ending, progress, request_id,
                  created_at as "created_at!", run_at as "run_at!", started_at, attempted_at, finished_at,
                  retried_as as "retried_as: JobId"
           from (select * from (select * from jobs
                                where $8 and id < $1 and ($2::uuid is null or id = $2)
                                  and ($3::text is null or state = $3::text::job_state)
                                order by id desc limit $9) windowed
                 union all select * from jobs where $3 = 'ready' and state = 'ready'
                 union all select * from jobs where $3 = 'scheduled' and state = 'scheduled'
                 union all select * from jobs where $3 = 'running' and state = 'running'
                 union all select * from (select * from jobs
                                          where $3 in ('discarded', 'cancelled') and state in ('discarded', 'cancelled')
                                            and state = $3::text::job_state and id < $1
                                          order by id desc) troubled) seen
           where id < $1 and ($2::uuid is null or id = $2)
             and ($4::text is null or queue = $4) and ($5::text is null or name = $5) and ($6::uuid is null or tenant = $6)
             and ($7::text is null or $2 is not null or request_id = $7 or strpos(lower(error), lower($7)) > 0)
             and (not $11 or (queue not in ('maintenance', 'probe', 'notify') and name <> 'read_anew'))
           order by id desc limit $10"#,
        below,
        id,
        filter.state.map(JobState::as_str),
        filter.queue,
        filter.name,
        filter.user.map(|user| user.0),
        filter.q.as_deref().map(str::trim),
        windowed,
        WINDOW,
        limit + 1,
        filter.asked_for,
    )
    .fetch_all(pool)
    .await?;
    page(pool, rows, below, limit, id.is_none() && windowed).await
}

/// Jobs that failed, whoever gave them up: along an index that has these only.
async fn failed(pool: &PgPool, filter: &Filter, below: Uuid, limit: i64) -> sqlx::Result<Found> {
    let id = filter.q.as_deref().and_then(|q| q.trim().parse::<Uuid>().ok());
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: JobId", name, queue, tenant as "tenant: UserId", state as "state: JobState", priority,
                  attempt, max_attempts, worker, error, ending, progress, request_id, created_at, run_at, started_at,
                  attempted_at, finished_at, retried_as as "retried_as: JobId"
           from jobs
           where (state = 'discarded' or (state = 'done' and ending ->> 'kind' = 'error'))
             and id < $1 and ($2::uuid is null or id = $2)
             and ($3::text is null or queue = $3) and ($4::text is null or name = $4) and ($5::uuid is null or tenant = $5)
             and ($6::text is null or $2 is not null or request_id = $6 or strpos(lower(error), lower($6)) > 0)
             and (not $7 or (queue not in ('maintenance', 'probe', 'notify') and name <> 'read_anew')) and ($8::text is null or state = $8::text::job_state)
           order by id desc limit $9"#,
        below,
        id,
        filter.queue,
        filter.name,
        filter.user.map(|user| user.0),
        filter.q.as_deref().map(str::trim),
        filter.asked_for,
        filter.state.map(JobState::as_str),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    page(pool, rows, below, limit, false).await
}

async fn page(
    pool: &PgPool,
    mut rows: Vec<Row>,
    below: Uuid,
    limit: i64,
    windowed: bool,
) -> sqlx::Result<Found> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() > limit {
        rows.truncate(limit);
        let next = rows.last().map(|row| row.id);
        return Ok(Found { rows, next });
    }
    let next = if windowed { end_of_window(pool, below).await? } else { None };
    Ok(Found { rows, next })
}

/// The last id of a full window; `None` where the table ends within it.
async fn end_of_window(pool: &PgPool, below: Uuid) -> sqlx::Result<Option<JobId>> {
    sqlx::query_scalar!(
        r#"select id as "id: JobId" from jobs where id < $1 order by id desc offset $2 limit 1"#,
        below,
        WINDOW - 1,
    )
    .fetch_optional(pool)
    .await
}

/// A job with what belongs on its own page.
#[derive(Debug)]
pub struct Details {
    /// The job.
    pub row: Row,
    /// Starts that did not end it.
    pub history: Value,
    /// The trace that it is part of, as a W3C `traceparent`; `None` where it was not traced.
    pub trace_context: Option<String>,
    /// Ids of what it works on: prompts are behind them, so they are shown only to who asks.
    pub payload: Value,
}

/// Finds a job, whoever it is for.
///
/// # Errors
/// The database's.
pub async fn find(pool: &PgPool, id: JobId) -> sqlx::Result<Option<Details>> {
    let row = sqlx::query!(
        r#"select id as "id: JobId", name, queue, tenant as "tenant: UserId", state as "state: JobState", priority, attempt,
                  max_attempts, worker, error, ending, progress, request_id, created_at, run_at, started_at, attempted_at,
                  finished_at, retried_as as "retried_as: JobId", history, payload,
                  trace_context
           from jobs where id = $1"#,
        id.0,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Details {
        history: row.history,
        trace_context: row.trace_context,
        payload: row.payload,
        row: Row {
            id: row.id,
            name: row.name,
            queue: row.queue,
            tenant: row.tenant,
            state: row.state,
            priority: row.priority,
            attempt: row.attempt,
            max_attempts: row.max_attempts,
            worker: row.worker,
            error: row.error,
            ending: row.ending,
            progress: row.progress,
            request_id: row.request_id,
            created_at: row.created_at,
            run_at: row.run_at,
            started_at: row.started_at,
            attempted_at: row.attempted_at,
            finished_at: row.finished_at,
            retried_as: row.retried_as,
        },
    }))
}
