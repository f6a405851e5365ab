//! How questions ended and why calls failed, by the minute, over all processes: workers count in memory and write
//! every few seconds, so that an answer costs no write and a dashboard no scan.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sqlx::PgPool;

use crate::queue::counters::{BUCKETS, bucket_of};

/// A question that was answered in full.
pub const COMPLETE: &str = "complete";

/// What is nobody's fault, and neither an answer nor an error.
const NEITHER: [&str; 2] = ["cancelled", "not_paid"];

/// Whether an outcome counts as an error: a question that ended without its answer, or a call that a key failed.
pub fn is_error(outcome: &str) -> bool {
    outcome != COMPLETE && !NEITHER.contains(&outcome)
}

/// How often something came out in one way, and how long the first word took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub count: i64,
    /// A histogram over [`crate::queue::counters::BOUNDS`].
    pub first_token: [i32; BUCKETS],
}

impl Count {
    /// Once more, and how many milliseconds the first word took, if one came.
    pub fn note(&mut self, first_token_ms: Option<i64>) {
        self.count += 1;
        if let Some(bucket) = first_token_ms.and_then(|ms| self.first_token.get_mut(bucket_of(ms))) {
            *bucket += 1;
        }
    }
}

/// The minute that a time is counted in.
pub fn minute_of(time: DateTime<Utc>) -> DateTime<Utc> {
    time.duration_trunc(TimeDelta::minutes(1)).unwrap_or(time)
}

/// What came out in one way within a minute.
pub type Cell = ((DateTime<Utc>, &'static str), Count);

/// Adds to many minutes at once, off the path of any answer.
///
/// # Errors
/// The database's.
pub async fn add(pool: &PgPool, cells: &[Cell]) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into answer_minutes as m (minute, outcome, count, first_token)
         select minute, outcome, count, ($4::int[])[(n - 1) * $5 + 1 : n * $5]
         from unnest($1::timestamptz[], $2::text[], $3::bigint[]) with ordinality as c(minute, outcome, count, n)
         order by minute, outcome
         on conflict (minute, outcome) do update
         set count = m.count + excluded.count, first_token = add_histograms(m.first_token, excluded.first_token)",
        &cells.iter().map(|((minute, _), _)| *minute).collect::<Vec<_>>(),
        &cells.iter().map(|((_, outcome), _)| (*outcome).to_owned()).collect::<Vec<_>>(),
        &cells.iter().map(|(_, count)| count.count).collect::<Vec<_>>(),
        &cells.iter().flat_map(|(_, count)| count.first_token).collect::<Vec<_>>(),
        i64::try_from(BUCKETS).unwrap_or(i64::MAX),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What came out in one way within a minute, as it is stored.
#[derive(Debug, Clone)]
pub struct Minute {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// [`COMPLETE`], or what went wrong.
    pub outcome: String,
    /// How often.
    pub count: i64,
    /// A histogram over [`crate::queue::counters::BOUNDS`].
    pub first_token: Vec<i32>,
}

/// What came out since a time, which is within the last two days; oldest first.
///
/// # Errors
/// The database's.
pub async fn since(pool: &PgPool, since: DateTime<Utc>) -> sqlx::Result<Vec<Minute>> {
    sqlx::query_as!(
        Minute,
        "select minute as at, outcome, count, first_token from answer_minutes where minute >= $1 order by minute, outcome",
        since,
    )
    .fetch_all(pool)
    .await
}

/// Removes minutes that began before `before`. Returns how many.
///
/// # Errors
/// The database's.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from answer_minutes where minute < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_student_stopped_is_no_error() {
        assert!(["exhausted", "truncated", "overload", "credential"].into_iter().all(is_error));
        assert!(![COMPLETE, "cancelled", "not_paid"].into_iter().any(is_error));
    }

    #[test]
    fn first_words_are_counted_where_one_came() {
        let mut count = Count::default();
        count.note(Some(150));
        count.note(None);
        assert_eq!((count.count, count.first_token.iter().sum::<i32>()), (2, 1));
        assert_eq!(count.first_token[bucket_of(150)], 1);
    }
}
