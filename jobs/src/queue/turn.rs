//! Who waits before a job that snoozes.

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
