//! What somebody does over and over: an entry once a minute, or a few, and a count of the rest.

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
        self.is_among_first(1)
    }

    /// The same where so many in a minute get one each.
    pub const fn is_among_first(self, count: i64) -> bool {
        self.now <= count
    }

    /// How many of the last minute got none, where so many do.
    pub const fn unlogged_beyond(self, count: i64) -> i64 {
        let beyond = self.unlogged + 1 - count;
        if beyond > 0 { beyond } else { 0 }
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

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn the_first_few_get_an_entry_and_the_rest_a_count() {
        let seen = |now, before: i64| Seen { now, unlogged: before - 1 };
        assert!(seen(1, 1).is_first() && !seen(2, 1).is_first());
        assert!(seen(10, 1).is_among_first(10) && !seen(11, 1).is_among_first(10));
        assert_eq!([1, 10, 11, 25].map(|before| seen(1, before).unlogged_beyond(10)), [0, 0, 1, 15]);
        assert_eq!(seen(1, 25).unlogged_beyond(1), 24);
    }
}
