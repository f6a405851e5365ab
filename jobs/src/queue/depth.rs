//! How much waits, for `/metrics`.

use sqlx::PgPool;

/// What one queue holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Depth {
    /// The queue.
    pub queue: String,
    /// Jobs whose time has not come.
    pub scheduled: i64,
    /// Jobs that wait for a worker.
    pub ready: i64,
    /// Jobs that a worker has.
    pub running: i64,
    /// How long the oldest of those that wait has waited, in seconds.
    pub oldest: f64,
}

/// The depth of each queue that there is, empty ones too.
///
/// # Errors
/// The database's.
pub async fn depth(pool: &PgPool) -> sqlx::Result<Vec<Depth>> {
    sqlx::query_as!(
        Depth,
        r#"select q.name as queue,
                  count(j.id) filter (where j.state = 'scheduled') as "scheduled!",
                  count(j.id) filter (where j.state = 'ready') as "ready!",
                  count(j.id) filter (where j.state = 'running') as "running!",
                  coalesce(extract(epoch from now() - min(j.run_at) filter (where j.state = 'ready')), 0)::float8 as "oldest!"
           from queues q
           left join jobs j on j.queue = q.name and j.state in ('scheduled', 'ready', 'running')
           group by q.name"#,
    )
    .fetch_all(pool)
    .await
}
