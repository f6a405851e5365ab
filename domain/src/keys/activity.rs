//! What keys did of late, by five minutes: for rates and charts, without a write for each call.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};

use crate::ids::KeyId;

/// The length of a bucket, in seconds.
const BUCKET: i64 = 300;

/// What a key did within a while.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Activity {
    /// Calls.
    pub calls: i64,
    /// Those that failed by the key's or provider's fault.
    pub failures: i64,
    /// Time to the first token of those that succeeded, in milliseconds, summed up.
    pub latency_ms: i64,
    /// Tokens of prompts and answers.
    pub tokens: i64,
}

impl Activity {
    /// Both together.
    pub const fn add(&mut self, other: Self) {
        self.calls += other.calls;
        self.failures += other.failures;
        self.latency_ms += other.latency_ms;
        self.tokens += other.tokens;
    }

    /// The part of calls that succeeded, 0 to 1; `None` without any.
    #[expect(clippy::cast_precision_loss, reason = "a rate is rounded anyway")]
    pub fn success_rate(&self) -> Option<f64> {
        (self.calls > 0).then(|| (self.calls - self.failures).max(0) as f64 / self.calls as f64)
    }

    /// Mean time to the first token, in milliseconds; `None` where no call succeeded.
    pub const fn mean_latency_ms(&self) -> Option<i64> {
        let succeeded = self.calls - self.failures;
        if succeeded > 0 { Some(self.latency_ms / succeeded) } else { None }
    }
}

/// The bucket of a time: when it begins.
pub fn bucket_of(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(time.timestamp().div_euclid(BUCKET) * BUCKET, 0).unwrap_or(time)
}

/// Adds to many buckets at once, off the path of any call.
pub async fn add(pool: &PgPool, done: &[((KeyId, DateTime<Utc>), Activity)]) -> sqlx::Result<()> {
    let column = |of: fn(&Activity) -> i64| done.iter().map(|(_, activity)| of(activity)).collect::<Vec<_>>();
    sqlx::query!(
        "insert into key_activity as a (key_id, bucket, calls, failures, latency_ms, tokens)
         select n.* from unnest($1::uuid[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
           as n(key_id, bucket, calls, failures, latency_ms, tokens)
         where exists (select from provider_keys k where k.id = n.key_id)
         order by n.key_id, n.bucket
         on conflict (key_id, bucket) do update
         set calls = a.calls + excluded.calls, failures = a.failures + excluded.failures,
             latency_ms = a.latency_ms + excluded.latency_ms, tokens = a.tokens + excluded.tokens",
        &done.iter().map(|((key, _), _)| key.0).collect::<Vec<_>>(),
        &done.iter().map(|((_, bucket), _)| *bucket).collect::<Vec<_>>(),
        &column(|activity| activity.calls),
        &column(|activity| activity.failures),
        &column(|activity| activity.latency_ms),
        &column(|activity| activity.tokens),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// What each of these keys did since a time.
pub async fn since(
    conn: &mut PgConnection,
    keys: &[KeyId],
    since: DateTime<Utc>,
) -> sqlx::Result<HashMap<KeyId, Activity>> {
    // Key by key, so that a week of others' buckets is not read.
    let rows = sqlx::query!(
        r#"select k.id as "key!: KeyId", a.calls as "calls!", a.failures as "failures!", a.latency_ms as "latency_ms!",
                  a.tokens as "tokens!"
           from unnest($1::uuid[]) as k(id)
           cross join lateral (
             select sum(calls)::bigint as calls, sum(failures)::bigint as failures, sum(latency_ms)::bigint as latency_ms,
                    sum(tokens)::bigint as tokens
             from key_activity where key_id = k.id and bucket > $2
           ) a
           where a.calls is not null"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        since
    )
    .fetch_all(conn)
    .await?;
    let of = |calls, failures, latency_ms, tokens| Activity { calls, failures, latency_ms, tokens };
    let rows = rows.into_iter();
    Ok(rows.map(|row| (row.key, of(row.calls, row.failures, row.latency_ms, row.tokens))).collect())
}

/// The buckets of each of these keys since a time, oldest first; those without a call are left out.
pub async fn buckets(
    conn: &mut PgConnection,
    keys: &[KeyId],
    since: DateTime<Utc>,
) -> sqlx::Result<HashMap<KeyId, Vec<(DateTime<Utc>, Activity)>>> {
    let rows = sqlx::query!(
        r#"select key_id as "key: KeyId", bucket, calls, failures, latency_ms, tokens from key_activity
           where key_id = any($1) and bucket >= $2 order by bucket"#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
        since
    )
    .fetch_all(conn)
    .await?;
    let mut buckets = HashMap::<_, Vec<_>>::new();
    for row in rows {
        let (calls, failures, latency_ms, tokens) = (row.calls, row.failures, row.latency_ms, row.tokens);
        let activity = Activity { calls, failures, latency_ms, tokens };
        buckets.entry(row.key).or_default().push((row.bucket, activity));
    }
    Ok(buckets)
}

/// Removes buckets that began before `before`.
pub async fn prune(pool: &PgPool, before: DateTime<Utc>) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from key_activity where bucket < $1", before).execute(pool).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_need_calls() {
        assert_eq!(Activity::default().success_rate(), None);
        let some = Activity { calls: 4, failures: 1, latency_ms: 300, tokens: 0 };
        assert_eq!((some.success_rate(), some.mean_latency_ms()), (Some(0.75), Some(100)));
        let none = Activity { calls: 1, failures: 1, ..Activity::default() };
        assert_eq!((none.success_rate(), none.mean_latency_ms()), (Some(0.0), None));
    }

    #[test]
    fn a_bucket_begins_at_a_multiple_of_five_minutes() {
        let bucket = |text: &str| bucket_of(text.parse().unwrap()).to_rfc3339();
        assert_eq!(bucket("2026-11-24T12:04:59.999Z"), "2026-11-24T12:00:00+00:00");
        assert_eq!(bucket("2026-11-24T12:05:00Z"), "2026-11-24T12:05:00+00:00");
    }
}
