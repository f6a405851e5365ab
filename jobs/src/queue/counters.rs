//! What the runs of jobs came to, counted in memory by the minute and written every few seconds, so
//! that charts cost the hot path no write and the dashboard no scan. A process that dies takes a few
//! seconds of its counts along; the jobs themselves are in their table.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use super::{claim::Claimed, outcome::Outcome};
use crate::Queue;

/// How often counts are written.
const FLUSH_EVERY: Duration = Duration::from_secs(2);

/// The upper bounds of a histogram's buckets in milliseconds; the last bucket has none.
pub const BOUNDS: [i64; 17] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000];

/// How many buckets a histogram has.
pub const BUCKETS: usize = BOUNDS.len() + 1;

/// How a run came out, for the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum CountedOutcome {
    Done,
    Retried,
    Snoozed,
}

impl CountedOutcome {
    /// `None` of one that ends early: that is counted where it is ended.
    fn of(job: &Claimed, outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Done | Outcome::Ended => Some(Self::Done),
            Outcome::Snooze(_) => Some(Self::Snoozed),
            Outcome::Retry(_) if job.attempt < job.max_attempts => Some(Self::Retried),
            Outcome::Retry(_) | Outcome::Discard(_) | Outcome::Cancelled => None,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Snoozed => "snoozed",
        }
    }
}

type Cell = (DateTime<Utc>, String, CountedOutcome);

#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    jobs: i64,
    wait_ms: i64,
    run_ms: i64,
    waits: [i32; BUCKETS],
    runs: [i32; BUCKETS],
}

/// The counts of one queue in one process.
#[derive(Debug)]
pub(super) struct JobCounters {
    queue: Queue,
    cells: Mutex<HashMap<Cell, Figures>>,
}

impl JobCounters {
    pub(super) fn new(queue: Queue) -> Arc<Self> {
        Arc::new(Self { queue, cells: Mutex::default() })
    }

    /// Counts one run.
    #[expect(
        clippy::disallowed_methods,
        reason = "the queue runs on real time: the minute that it counts in"
    )]
    pub(super) fn count(&self, job: &Claimed, outcome: &Outcome, ran: Duration) {
        let Some(outcome_counted) = CountedOutcome::of(job, outcome) else { return };
        let minute = Utc::now().duration_trunc(TimeDelta::minutes(1)).unwrap_or_default();
        let ran_ms = i64::try_from(ran.as_millis()).unwrap_or(i64::MAX);
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        let figures = cells.entry((minute, job.name.clone(), outcome_counted)).or_default();
        figures.jobs += 1;
        figures.wait_ms += job.waited_ms.max(0);
        figures.run_ms += ran_ms;
        for (histogram, ms) in [(&mut figures.waits, job.waited_ms), (&mut figures.runs, ran_ms)] {
            if let Some(bucket) = histogram.get_mut(bucket_of(ms)) {
                *bucket += 1;
            }
        }
    }

    /// Writes what was counted, now and then until `closed`.
    pub(super) async fn write_for_ever(self: Arc<Self>, pool: PgPool, closed: CancellationToken) {
        let mut tick = tokio::time::interval(FLUSH_EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let last = tokio::select! {
                _ = tick.tick() => false,
                () = closed.cancelled() => true,
            };
            self.write(&pool).await;
            if last {
                return;
            }
        }
    }

    async fn write(&self, pool: &PgPool) {
        let cells: Vec<_> = {
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            cells.drain().collect()
        };
        if cells.is_empty() {
            return;
        }
        if let Err(error) = add(pool, self.queue, &cells).await {
            tracing::debug!(%error, "counts of jobs wait for the database");
            let mut kept = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            for (cell, figures) in cells {
                kept.entry(cell).or_default().add(&figures);
            }
        }
    }
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.wait_ms += other.wait_ms;
        self.run_ms += other.run_ms;
        for (mine, others) in [(&mut self.waits, &other.waits), (&mut self.runs, &other.runs)] {
            for (bucket, more) in mine.iter_mut().zip(others) {
                *bucket += more;
            }
        }
    }
}

async fn add(pool: &PgPool, queue: Queue, cells: &[(Cell, Figures)]) -> sqlx::Result<()> {
    let flat = |histogram: fn(&Figures) -> &[i32; BUCKETS]| -> Vec<i32> {
        cells.iter().flat_map(|(_, figures)| histogram(figures).iter().copied()).collect()
    };
    sqlx::query!(
        "insert into job_minutes as m (minute, queue, name, outcome, jobs, wait_ms, run_ms, waits, runs)
         select minute, $1, name, outcome, jobs, wait_ms, run_ms,
                ($8::int[])[(n - 1) * $10 + 1 : n * $10], ($9::int[])[(n - 1) * $10 + 1 : n * $10]
         from unnest($2::timestamptz[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
           with ordinality as c(minute, name, outcome, jobs, wait_ms, run_ms, n)
         order by minute, name, outcome
         on conflict (minute, queue, name, outcome) do update
         set jobs = m.jobs + excluded.jobs, wait_ms = m.wait_ms + excluded.wait_ms, run_ms = m.run_ms + excluded.run_ms,
             waits = add_histograms(m.waits, excluded.waits), runs = add_histograms(m.runs, excluded.runs)",
        queue.as_str(),
        &cells.iter().map(|((minute, ..), _)| *minute).collect::<Vec<_>>(),
        &cells.iter().map(|((_, name, _), _)| name.clone()).collect::<Vec<_>>(),
        &cells.iter().map(|((.., outcome_counted), _)| outcome_counted.as_str().to_owned()).collect::<Vec<_>>(),
        &cells.iter().map(|(_, figures)| figures.jobs).collect::<Vec<_>>(),
        &cells.iter().map(|(_, figures)| figures.wait_ms).collect::<Vec<_>>(),
        &cells.iter().map(|(_, figures)| figures.run_ms).collect::<Vec<_>>(),
        &flat(|figures| &figures.waits),
        &flat(|figures| &figures.runs),
        i64::try_from(BUCKETS).unwrap_or(i64::MAX),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Counts a job that ended without its handler, in the transaction that ends it.
///
/// # Errors
/// The database's.
pub(super) async fn count_one(
    conn: &mut PgConnection,
    queue: &str,
    name: &str,
    outcome: &str,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into job_minutes as m (minute, queue, name, outcome, jobs, wait_ms, run_ms, waits, runs)
         values (date_trunc('minute', now()), $1, $2, $3, 1, 0, 0, '{}', '{}')
         on conflict (minute, queue, name, outcome) do update set jobs = m.jobs + 1",
        queue,
        name,
        outcome,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The bucket that so many milliseconds are counted in.
pub fn bucket_of(ms: i64) -> usize {
    BOUNDS.partition_point(|bound| *bound < ms)
}

/// A quantile of a histogram in milliseconds, by interpolation within its bucket; `None` of nothing.
pub fn quantile(histogram: &[i32], q: f64) -> Option<f64> {
    let total: i64 = histogram.iter().map(|count| i64::from(*count)).sum();
    if total == 0 {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let (total, mut below) = (total as f64, 0.0);
    for (bucket, count) in histogram.iter().enumerate() {
        let count = f64::from(*count);
        if count > 0.0 && below + count >= q * total {
            let bound = |at: usize| BOUNDS.get(at).copied().unwrap_or(3_600_000);
            #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^52")]
            let (low, high) =
                (if bucket == 0 { 0.0 } else { bound(bucket - 1) as f64 }, bound(bucket) as f64);
            return Some(low + (high - low) * ((q * total - below) / count).clamp(0.0, 1.0));
        }
        below += count;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quantile_is_within_a_bucket_of_the_truth(mut values in prop::collection::vec(0_i64..3_600_000, 1..200), q in 0.01_f64..1.0) {
            let mut histogram = [0; BUCKETS];
            for value in &values {
                histogram[bucket_of(*value)] += 1;
            }
            values.sort_unstable();
            #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
            let rank = (f64::ceil(q * values.len() as f64) as usize).clamp(1, values.len()) - 1;
            let bucket = bucket_of(values[rank]);
            let low = if bucket == 0 { 0 } else { BOUNDS[bucket - 1] };
            let said = quantile(&histogram, q).unwrap();
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let (low, high) = (low as f64, BOUNDS.get(bucket).copied().unwrap_or(3_600_000) as f64);
            prop_assert!((low..=high).contains(&said), "{said} is not in {low}..={high}");
        }
    }

    #[test]
    fn nothing_has_no_quantile() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[0; BUCKETS], 0.5), None);
    }
}
