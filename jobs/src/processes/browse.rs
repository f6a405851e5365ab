//! Processes as admins look at them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::ids::JobId;
use sqlx::PgPool;

use super::Role;

/// For how long a process that gave no more signs of life is shown as lost, in seconds.
const SHOWN_LOST: f64 = 3_600.0;

/// How many of the jobs that a worker runs are named, those that have run longest.
const NAMED: i64 = 10;

/// A process.
#[derive(Debug, Clone)]
pub struct Process {
    /// How it is called in the tables.
    pub name: String,
    /// Where it runs.
    pub host: String,
    /// Its id there.
    pub pid: i32,
    /// Its release.
    pub version: String,
    /// What it does.
    pub roles: Vec<Role>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Its last sign of life.
    pub seen_at: DateTime<Utc>,
    /// Whether the next sign is not overdue.
    pub alive: bool,
    /// Since when it is to take no new jobs.
    pub draining_since: Option<DateTime<Utc>>,
    /// The queues that it takes from.
    pub queues: Vec<QueueShare>,
    /// What has run longest of what it runs.
    pub longest: Vec<RunningJob>,
}

/// What a worker has of a queue.
#[derive(Debug, Clone)]
pub struct QueueShare {
    /// The queue.
    pub queue: String,
    /// Jobs at a time.
    pub slots: i32,
    /// Jobs now.
    pub running: i64,
}

/// A job that runs.
#[derive(Debug, Clone)]
pub struct RunningJob {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub name: String,
    /// Where it waited.
    pub queue: String,
    /// Since when it runs.
    pub since: Option<DateTime<Utc>>,
}

/// The processes that live, and those that were lost within the hour: the first to begin first.
///
/// # Errors
/// The database's.
pub async fn list(pool: &PgPool) -> sqlx::Result<Vec<Process>> {
    let rows = sqlx::query!(
        r#"select name, host, pid, version, roles, started_at, seen_at, alive_until > now() as "alive!", draining_since
           from processes where alive_until > now() - make_interval(secs => $1) order by started_at, name"#,
        SHOWN_LOST,
    )
    .fetch_all(pool)
    .await?;
    let (mut queues, mut longest) = (shares(pool).await?, running(pool).await?);
    let processes = rows.into_iter().map(|row| Process {
        queues: queues.remove(&row.name).unwrap_or_default(),
        longest: longest.remove(&row.name).unwrap_or_default(),
        name: row.name,
        host: row.host,
        pid: row.pid,
        version: row.version,
        roles: row.roles.iter().filter_map(|role| Role::parse(role)).collect(),
        started_at: row.started_at,
        seen_at: row.seen_at,
        alive: row.alive,
        draining_since: row.draining_since,
    });
    Ok(processes.collect())
}

async fn shares(pool: &PgPool) -> sqlx::Result<HashMap<String, Vec<QueueShare>>> {
    let rows = sqlx::query!(
        r#"select w.name, w.queue, w.slots, coalesce(r.running, 0) as "running!"
           from workers w
           left join (select worker, queue, count(*) as running from jobs where state = 'running' group by worker, queue) r
             on r.worker = w.name and r.queue = w.queue
           order by w.queue"#
    );
    let mut found = HashMap::<_, Vec<_>>::new();
    for row in rows.fetch_all(pool).await? {
        let share = QueueShare { queue: row.queue, slots: row.slots, running: row.running };
        found.entry(row.name).or_default().push(share);
    }
    Ok(found)
}

async fn running(pool: &PgPool) -> sqlx::Result<HashMap<String, Vec<RunningJob>>> {
    let rows = sqlx::query!(
        r#"select worker as "worker!", id as "id!: JobId", name as "name!", queue as "queue!", attempted_at
           from (select worker, id, name, queue, attempted_at,
                        row_number() over (partition by worker order by attempted_at, id) as place
                 from jobs where state = 'running' and worker is not null) r
           where place <= $1 order by attempted_at, id"#,
        NAMED,
    );
    let mut found = HashMap::<_, Vec<_>>::new();
    for row in rows.fetch_all(pool).await? {
        let job = RunningJob { id: row.id, name: row.name, queue: row.queue, since: row.attempted_at };
        found.entry(row.worker).or_default().push(job);
    }
    Ok(found)
}
