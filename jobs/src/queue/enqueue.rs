//! Adding jobs, in the caller's transaction: a job exists if and only if that commits.

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use serde_json::Value;
use sqlx::PgConnection;
use tracing::Instrument as _;

use crate::{Job, Queue, trace};

/// How often a twin may end just when it was to be found.
const TRIES: u32 = 10;

/// A job on its way into the queue.
#[derive(Debug)]
pub struct Enqueue {
    id: JobId,
    queue: Queue,
    name: &'static str,
    payload: serde_json::Result<Value>,
    tenant: Option<uuid::Uuid>,
    priority: i16,
    max_attempts: i16,
    unique_key: Option<String>,
    run_at: Option<DateTime<Utc>>,
    request_id: Option<String>,
    notifies: bool,
}

/// What became of an [`Enqueue`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Enqueued {
    /// The job.
    pub id: JobId,
    /// Whether it was there already, under the same unique key.
    pub existed: bool,
}

impl Enqueue {
    /// For a job, to be run as soon as possible.
    pub fn new<J: Job>(job: &J) -> Self {
        Self {
            id: JobId::generate(),
            queue: job.queue(),
            name: J::NAME,
            payload: serde_json::to_value(job),
            tenant: job.tenant().map(|user| user.0),
            priority: J::PRIORITY,
            max_attempts: J::MAX_ATTEMPTS,
            unique_key: job.unique_key(),
            run_at: None,
            request_id: None,
            notifies: true,
        }
    }

    /// With an id that other rows of the transaction already name.
    #[must_use]
    pub const fn with_id(mut self, id: JobId) -> Self {
        self.id = id;
        self
    }

    /// Not before this time.
    #[must_use]
    pub const fn at(mut self, time: DateTime<Utc>) -> Self {
        self.run_at = Some(time);
        self
    }

    /// On behalf of a request, whose id goes into the job's log lines.
    #[must_use]
    pub fn on_behalf_of(mut self, request_id: Option<&str>) -> Self {
        self.request_id = request_id.map(ToOwned::to_owned);
        self
    }

    /// Without waking workers at the commit: the caller rings the [`super::Notifier`] after it.
    #[must_use]
    pub const fn silently(mut self) -> Self {
        self.notifies = false;
        self
    }

    /// Adds it. Where a live job has the same unique key, that one is returned, and the transaction
    /// stays usable.
    ///
    /// # Errors
    /// The database's.
    pub async fn run(self, conn: &mut PgConnection) -> sqlx::Result<Enqueued> {
        let span =
            tracing::trace_span!(target: trace::TARGET, "enqueue", job.id = %self.id, job.name = self.name);
        self.insert(conn).instrument(span).await
    }

    async fn insert(self, conn: &mut PgConnection) -> sqlx::Result<Enqueued> {
        let trace_context = trace::current();
        let payload = self.payload.map_err(|error| sqlx::Error::Encode(error.into()))?;
        for _ in 0..TRIES {
            let added = sqlx::query_scalar!(
                r#"with added as (
                     insert into jobs (id, queue, name, payload, tenant, priority, max_attempts, unique_key, run_at, state,
                                       request_id, trace_context, vtime)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, now()),
                             case when $9 > now() then 'scheduled'::job_state else 'ready' end,
                             $10, $12, queue_next_vtime($2, $6, $5))
                     on conflict (name, unique_key)
                       where unique_key is not null and state in ('scheduled', 'ready', 'running') do nothing
                     returning id
                   ), bell as (
                     select pg_notify('jobs', $2) from added where $11
                   )
                   select added.id as "id: JobId" from added left join bell on true"#,
                self.id.0,
                self.queue.as_str(),
                self.name,
                payload,
                self.tenant,
                self.priority,
                self.max_attempts,
                self.unique_key,
                self.run_at,
                self.request_id,
                self.notifies,
                trace_context,
            )
            .fetch_optional(&mut *conn)
            .await?;
            if let Some(id) = added {
                return Ok(Enqueued { id, existed: false });
            }
            if let Some(id) = find_live(&mut *conn, self.name, self.unique_key.as_deref()).await? {
                return Ok(Enqueued { id, existed: true });
            }
            // The twin ended between the two statements: there is room now.
        }
        Err(sqlx::Error::Protocol("a job's twin is neither there nor gone".to_owned()))
    }
}

/// Adds a job to be run as soon as possible. See [`Enqueue::run`].
///
/// # Errors
/// The database's.
pub async fn enqueue<J: Job>(conn: &mut PgConnection, job: &J) -> sqlx::Result<Enqueued> {
    Enqueue::new(job).run(conn).await
}

/// Adds many jobs of one kind in one statement, in their order. Those whose unique key is taken are
/// left out. Returns how many were added.
///
/// # Errors
/// The database's.
pub async fn enqueue_many<J: Job>(conn: &mut PgConnection, jobs: &[J]) -> sqlx::Result<u64> {
    let payloads = jobs.iter().map(serde_json::to_value).collect::<Result<Vec<_>, _>>();
    let payloads = payloads.map_err(|error| sqlx::Error::Encode(error.into()))?;
    let ids: Vec<_> = jobs.iter().map(|_| JobId::generate().0).collect();
    let tenants: Vec<_> = jobs.iter().map(|job| job.tenant().map(|user| user.0)).collect();
    let keys: Vec<_> = jobs.iter().map(Job::unique_key).collect();
    let added = sqlx::query_scalar!(
        r#"with front as materialized (
             select queue_next_vtime($1, $2, null) as vtime
           ), added as (
             insert into jobs (id, queue, name, payload, tenant, priority, max_attempts, unique_key, vtime)
             select j.id, $1, $3, j.payload, j.tenant, $2, $4, j.unique_key,
                    case when j.tenant is null then front.vtime else queue_next_vtime($1, $2, j.tenant) end
             from front, unnest($5::uuid[], $6::jsonb[], $7::uuid[], $8::text[]) as j(id, payload, tenant, unique_key)
             on conflict (name, unique_key)
               where unique_key is not null and state in ('scheduled', 'ready', 'running') do nothing
             returning 1
           ), bell as (
             select pg_notify('jobs', $1) from (select 1 from added limit 1) any_added
           )
           select (select count(*) from added) + 0 * (select count(*) from bell) as "added!""#,
        J::QUEUE.as_str(),
        J::PRIORITY,
        J::NAME,
        J::MAX_ATTEMPTS,
        &ids,
        &payloads,
        &tenants as &[Option<uuid::Uuid>],
        &keys as &[Option<String>],
    )
    .fetch_one(conn)
    .await?;
    Ok(u64::try_from(added).unwrap_or(0))
}

async fn find_live(
    conn: &mut PgConnection,
    name: &str,
    unique_key: Option<&str>,
) -> sqlx::Result<Option<JobId>> {
    sqlx::query_scalar!(
        r#"select id as "id: JobId" from jobs
           where name = $1 and unique_key = $2 and state in ('scheduled', 'ready', 'running')"#,
        name,
        unique_key,
    )
    .fetch_optional(conn)
    .await
}
