//! Who waits before a job that snoozes, over all processes.

use domain::ids::JobId;
use sqlx::PgPool;

/// More than these are not counted.
const MOST: i64 = 100;

/// How many jobs that came before this one are snoozing in its queue, whichever process put them off.
///
/// # Errors
/// The database's.
pub async fn snoozed_before(pool: &PgPool, job: JobId) -> sqlx::Result<usize> {
    let before = sqlx::query_scalar!(
        r#"select count(*) as "before!" from (
             select 1 from jobs
             where queue = (select queue from jobs where id = $1) and state = 'scheduled' and run_at > now()
               and snoozes > 0 and id < $1
             limit $2) earlier"#,
        job.0,
        MOST,
    )
    .fetch_one(pool)
    .await?;
    Ok(usize::try_from(before).unwrap_or_default())
}

/// Which of these snoozed jobs come back no more to the process that runs `job`: they are running in
/// another, or have ended.
///
/// # Errors
/// The database's.
pub async fn gone_elsewhere(pool: &PgPool, job: JobId, snoozed: &[JobId]) -> sqlx::Result<Vec<JobId>> {
    let snoozed: Vec<_> = snoozed.iter().map(|job| job.0).collect();
    sqlx::query_scalar!(
        r#"select id as "id: JobId" from jobs
           where id = any($2) and state not in ('scheduled', 'ready')
             and not (state = 'running' and worker is not distinct from (select worker from jobs where id = $1))"#,
        job.0,
        &snoozed,
    )
    .fetch_all(pool)
    .await
}
