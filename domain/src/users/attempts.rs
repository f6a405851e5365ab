//! What an address did lately, for the limits on sign-in and registration.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A try to sign in that failed.
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

/// When an address that has no try left may try again. Changes nothing.
pub async fn exhausted_until(
    pool: &PgPool,
    allowance: Allowance,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let mut conn = pool.acquire().await?;
    decisive(&mut conn, allowance, ip, now).await
}

/// Counts a try, unless the address has none left: of many at once, no more are let through than the
/// limit allows. The inner error is the time from which the address may try again.
pub async fn admit(
    pool: &PgPool,
    allowance: Allowance,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), DateTime<Utc>>> {
    let kind = allowance.kind.as_str();
    let mut tx = pool.begin().await?;
    // Tries of one address go one by one; those of others do not wait.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("{kind}:{ip}"))
        .execute(&mut *tx)
        .await?;
    if let Some(until) = decisive(&mut tx, allowance, ip, now).await? {
        return Ok(Err(until));
    }
    sqlx::query!("insert into ip_attempts (kind, ip, at) values ($1, $2, $3)", kind, ip, now)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The limit-th youngest try decides: when it leaves the window, one more fits.
async fn decisive(
    conn: &mut PgConnection,
    allowance: Allowance,
    ip: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let Allowance { kind, limit, window } = allowance;
    if limit < 1 {
        return Ok(Some(now + window));
    }
    let at = sqlx::query_scalar!(
        "select at from ip_attempts where kind = $1 and ip = $2 and at > $3 order by at desc offset $4 limit 1",
        kind.as_str(),
        ip,
        now - window,
        limit - 1,
    )
    .fetch_optional(conn)
    .await?;
    Ok(at.map(|at| at + window))
}

/// Drops what no window reaches back to any more.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    Ok(sqlx::query!("delete from ip_attempts where at < $1", before).execute(pool).await?.rows_affected())
}
