//! The list of what is done when, and the enqueueing of what is due.

use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Db;
use jobs::{catalogue::Sweep, queue::Enqueue};

/// Something that is done again and again.
struct Schedule {
    /// The name of its ticks.
    name: &'static str,
    /// Ticks are at whole multiples of this since 1970, in UTC: a day ticks at midnight.
    every: Duration,
    /// What is done.
    job: fn() -> Enqueue,
}

/// Everything.
const SCHEDULES: [Schedule; 1] =
    [Schedule { name: "sweep", every: Duration::from_mins(10), job: || Enqueue::new(&Sweep {}) }];

/// Enqueues each schedule's latest tick, unless that was done.
pub(crate) async fn enqueue_due(db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    for schedule in &SCHEDULES {
        let Some(tick) = latest_tick(schedule.every, now) else { continue };
        let mut tx = db.pool().begin().await?;
        let new = sqlx::query!(
            "insert into schedule_ticks (name, tick) values ($1, $2) on conflict do nothing",
            schedule.name,
            tick
        )
        .execute(&mut *tx)
        .await?;
        if new.rows_affected() == 1 {
            (schedule.job)().run(&mut tx).await?;
            tracing::debug!(name = schedule.name, %tick, "a tick");
        }
        tx.commit().await?;
    }
    Ok(())
}

fn latest_tick(every: Duration, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let every = i64::try_from(every.as_secs()).ok().filter(|every| *every > 0)?;
    DateTime::from_timestamp(now.timestamp().div_euclid(every) * every, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ticks_at_midnight() {
        let now = "2026-12-31T23:59:59Z".parse().unwrap();
        let tick = latest_tick(Duration::from_hours(24), now).unwrap();
        assert_eq!(tick.to_rfc3339(), "2026-12-31T00:00:00+00:00");
        assert_eq!(latest_tick(Duration::ZERO, now), None);
    }
}
