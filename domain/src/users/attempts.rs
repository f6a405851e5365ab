//! What an address did lately, for the limits on sign-in and registration.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgPool;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A try to sign in; a good one is taken back.
    Login,
    /// A registration.
    Registration,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Registration => "registration",
        }
    }
}

/// How many tries an address has.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// What is counted.
    pub kind: Kind,
    /// So many…
    pub limit: i64,
    /// …within this time.
    pub window: TimeDelta,
}

/// A try that was let through and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted(i64);

/// Counts a try before it is made, so that many at once cannot slip past the limit together.
/// The inner error is the time from which the address may try again.
pub async fn admit(
    pool: &PgPool,
    allowance: Allowance,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<Admitted, DateTime<Utc>>> {
    let Allowance { kind, limit, window } = allowance;
    let mut tx = pool.begin().await?;
    // Tries of one address go one by one; those of others do not wait.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("{}:{ip}", kind.as_str()))
        .execute(&mut *tx)
        .await?;
    // The limit-th youngest decides: when it leaves the window, one more fits.
    let decisive = sqlx::query_scalar!(
        "select at from ip_attempts where kind = $1 and ip = $2 and at > $3 order by at desc offset $4 limit 1",
        kind.as_str(),
        ip,
        now - window,
        limit - 1,
    )
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(at) = decisive {
        return Ok(Err(at + window));
    }
    let id = sqlx::query_scalar!(
        "insert into ip_attempts (kind, ip, at) values ($1, $2, $3) returning id",
        kind.as_str(),
        ip,
        now
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Ok(Admitted(id)))
}

/// Takes a try back: it was a good one.
pub async fn forgive(pool: &PgPool, admitted: Admitted) -> sqlx::Result<()> {
    sqlx::query!("delete from ip_attempts where id = $1", admitted.0).execute(pool).await?;
    Ok(())
}

/// Drops what no window reaches back to any more.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    Ok(sqlx::query!("delete from ip_attempts where at < $1", before).execute(pool).await?.rows_affected())
}
