//! The list of what is done when, and the enqueueing of what is due.

use std::{collections::HashMap, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use domain::Db;
use jobs::{
    catalogue::{
        ExpireSubscriptions, ProbeKeys, PruneAudit, ReadAnew, ReleaseKeys, RollUpUsage, Sweep, SweepFiles,
    },
    queue::Enqueue,
};

/// What an operator chose about the schedule.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often keys are probed; at least a second.
    pub health_check_interval: Duration,
    /// How long entries of the audit log are kept.
    pub audit_retention: Duration,
}

/// Something that is done again and again.
struct Schedule {
    /// The name of its ticks.
    name: &'static str,
    /// Ticks are at whole multiples of this since 1970, in UTC: a day ticks at midnight.
    every: Duration,
    /// What is done at a tick.
    job: fn(DateTime<Utc>, &Settings) -> Enqueue,
}

const DAILY: Duration = Duration::from_hours(24);

/// Everything. Jobs of dead workers are looked for beside it, since that is no job: see
/// [`super::RESCUE_EVERY`].
#[rustfmt::skip]
fn schedules(settings: &Settings) -> [Schedule; 8] {
    let line = |name, every, job| Schedule { name, every, job };
    [
        line("release_keys",         Duration::from_secs(5),         |_, _| Enqueue::new(&ReleaseKeys {})),
        line("probe_keys",           settings.health_check_interval, probe_keys),
        line("sweep",                Duration::from_mins(10),        |_, _| Enqueue::new(&Sweep {})),
        line("read_anew",            Duration::from_mins(5),         |_, _| Enqueue::new(&ReadAnew {})),
        line("expire_subscriptions", Duration::from_hours(1),        |_, _| Enqueue::new(&ExpireSubscriptions {})),
        line("roll_up_usage",        DAILY,                          |_, _| Enqueue::new(&RollUpUsage {})),
        line("prune_audit",          DAILY,                          prune_audit),
        line("sweep_files",          DAILY,                          |_, _| Enqueue::new(&SweepFiles {})),
    ]
}

fn probe_keys(tick: DateTime<Utc>, settings: &Settings) -> Enqueue {
    let interval = TimeDelta::from_std(settings.health_check_interval).unwrap_or(TimeDelta::MAX);
    Enqueue::new(&ProbeKeys { served_since: tick - interval })
}

fn prune_audit(_: DateTime<Utc>, settings: &Settings) -> Enqueue {
    let days = settings.audit_retention.as_secs().div_ceil(DAILY.as_secs());
    Enqueue::new(&PruneAudit { keep_days: u32::try_from(days).unwrap_or(u32::MAX) })
}

/// What this process knows to be done, so that it asks the database only when something is due.
pub(crate) type Done = HashMap<&'static str, DateTime<Utc>>;

/// Enqueues each schedule's latest tick, unless that was done.
pub(crate) async fn enqueue_due(
    db: &Db,
    now: DateTime<Utc>,
    settings: &Settings,
    done: &mut Done,
) -> sqlx::Result<()> {
    for schedule in &schedules(settings) {
        let Some(tick) = latest_tick(schedule.every, now) else { continue };
        if done.get(schedule.name) == Some(&tick) {
            continue;
        }
        let mut tx = db.begin_bare().await?;
        let new = sqlx::query!(
            "insert into schedule_ticks (name, tick) values ($1, $2) on conflict do nothing",
            schedule.name,
            tick
        )
        .execute(&mut *tx)
        .await?;
        if new.rows_affected() == 1 {
            (schedule.job)(tick, settings).run(&mut tx).await?;
            tracing::debug!(name = schedule.name, %tick, "a tick");
        }
        tx.commit().await?;
        done.insert(schedule.name, tick);
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
        let tick = latest_tick(DAILY, now).unwrap();
        assert_eq!(tick.to_rfc3339(), "2026-12-31T00:00:00+00:00");
        assert_eq!(latest_tick(Duration::ZERO, now), None);
    }

    #[test]
    fn every_schedule_has_a_name_of_its_own_and_ticks() {
        let settings =
            Settings { health_check_interval: Duration::from_secs(3), audit_retention: DAILY * 90 };
        let now = "2026-12-31T23:59:59Z".parse().unwrap();
        let mut names = std::collections::BTreeSet::new();
        for schedule in schedules(&settings) {
            assert!(names.insert(schedule.name));
            assert!(latest_tick(schedule.every, now).is_some(), "{}", schedule.name);
        }
    }
}
