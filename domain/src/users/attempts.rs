//! What an address, or an account, did lately, for the limits on registration and what is hard to undo. Tries to
//! sign in are in [`super::tries`].

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A registration.
    Registration,
    /// An emergency token that was no good.
    Emergency,
    /// Something an admin did that is hard to undo.
    Destructive,
    /// A key that a student brought, to be tried.
    OwnKey,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Emergency => "emergency",
            Self::Destructive => "destructive",
            Self::OwnKey => "own_key",
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

/// When somebody who has no try left may try again. Changes nothing.
pub async fn exhausted_until(
    pool: &PgPool,
    allowance: Allowance,
    who: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let mut conn = pool.acquire().await?;
    decisive(&mut conn, allowance, who, now).await
}

/// Counts a try, unless there is none left: of many at once, no more are let through than the limit
/// allows. The inner error is the time from which one may try again. The try counts if the transaction
/// commits; until it ends, others of the same address or account wait.
pub async fn admit(
    conn: &mut PgConnection,
    allowance: Allowance,
    who: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<(), DateTime<Utc>>> {
    let kind = allowance.kind.as_str();
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("{kind}:{who}"))
        .execute(&mut *conn)
        .await?;
    if let Some(until) = decisive(&mut *conn, allowance, who, now).await? {
        return Ok(Err(until));
    }
    sqlx::query!("insert into ip_attempts (kind, ip, at) values ($1, $2, $3)", kind, who, now)
        .execute(conn)
        .await?;
    Ok(Ok(()))
}

/// The limit-th youngest try decides: when it leaves the window, one more fits.
async fn decisive(
    conn: &mut PgConnection,
    allowance: Allowance,
    who: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let Allowance { kind, limit, window } = allowance;
    if limit < 1 {
        return Ok(Some(now + window));
    }
    let at = sqlx::query_scalar!(
        "select at from ip_attempts where kind = $1 and ip = $2 and at > $3 order by at desc offset $4 limit 1",
        kind.as_str(),
        who,
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
