//! What somebody does over and over: an entry once a minute, and a count of the rest.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};

/// The time in which there is one entry.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// How often something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// In this minute, this one included.
    pub now: i64,
    /// In the last minute with an entry, beyond that entry.
    pub unlogged: i64,
}

impl Seen {
    /// Whether this one gets an entry.
    pub const fn is_first(self) -> bool {
        self.now == 1
    }
}

/// Counts one. Of many at once, one is the first, and each number is seen once.
///
/// # Errors
/// The database's.
pub async fn count(conn: &mut PgConnection, kind: &str, who: &str, now: DateTime<Utc>) -> sqlx::Result<Seen> {
    sqlx::query_as!(
        Seen,
        r#"insert into audit_bursts as b (kind, who, since, seen) values ($1, $2, $3, 1)
           on conflict (kind, who) do update
             set since = case when b.since > $4 then b.since else $3 end,
                 unlogged = case when b.since > $4 then b.unlogged else b.seen - 1 end,
                 seen = case when b.since > $4 then b.seen + 1 else 1 end
           returning seen as now, unlogged"#,
        kind,
        who,
        now,
        now - WINDOW,
    )
    .fetch_one(conn)
    .await
}

/// Forgets what has not been seen since `before`.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    Ok(sqlx::query!("delete from audit_bursts where since < $1", before).execute(pool).await?.rows_affected())
}
