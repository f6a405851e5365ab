//! The list of what is done when, and the enqueueing of what is due.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{Db, Tx};
use jobs::{
    catalogue::{
        ExpireSubscriptions, ProbeKeys, PruneAudit, ReadAnew, ReleaseKeys, RollUpUsage, Sweep, SweepFiles,
    },
    queue::Enqueue,
    schedule::{self, Entry},
};

use crate::timetable::Timetable;

/// When each is due, unless a setting says otherwise.
pub mod usual {
    /// Keys that have rested.
    pub const RELEASE_KEYS: &str = "*/5 * * * * *";
    /// What is over and done.
    pub const SWEEP: &str = "*/10 * * * *";
    /// Documents that an earlier reader read.
    pub const READ_ANEW: &str = "*/5 * * * *";
    /// Plans that were paid for until now.
    pub const EXPIRE_SUBSCRIPTIONS: &str = "0 * * * *";
    /// Yesterday's usage: its days end at midnight in UTC, wherever people live.
    pub const ROLL_UP_USAGE: &str = "CRON_TZ=UTC 0 0 * * *";
    /// Old entries of the audit log.
    pub const PRUNE_AUDIT: &str = "0 0 * * *";
    /// Files that belong to nothing.
    pub const SWEEP_FILES: &str = "0 0 * * *";
}

/// What an operator chose about the schedule.
#[derive(Debug, Clone)]
pub struct Settings {
    /// On whose clock expressions are that name no zone.
    pub zone: Tz,
    /// How long entries of the audit log are kept.
    pub audit_retention: Duration,
    /// When keys that have rested are let back in.
    pub release_keys: Timetable,
    /// When keys are probed.
    pub probe_keys: Timetable,
    /// When what is over and done is swept.
    pub sweep: Timetable,
    /// When documents are read anew.
    pub read_anew: Timetable,
    /// When plans end.
    pub expire_subscriptions: Timetable,
    /// When usage is rolled up.
    pub roll_up_usage: Timetable,
    /// When the audit log is pruned.
    pub prune_audit: Timetable,
    /// When files are swept.
    pub sweep_files: Timetable,
}

/// What is done at a tick.
type Job = Box<dyn Fn(DateTime<Utc>) -> Enqueue + Send + Sync>;

/// Something that is done again and again.
pub(crate) struct Line {
    /// The name of its ticks.
    pub(crate) name: &'static str,
    /// When it ticks.
    pub(crate) timetable: Timetable,
    job: Job,
    /// What this process has seen to, so that it asks the database only when something is due.
    known: Option<Known>,
}

/// How far a line is.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// The latest tick, which was done.
    done: Option<DateTime<Utc>>,
    /// When the next is due.
    next: Option<DateTime<Utc>>,
}

/// Everything. Jobs of dead workers are looked for beside it, since that is no job: see
/// [`super::RESCUE_EVERY`].
pub(crate) fn lines(settings: &Settings) -> Vec<Line> {
    let line = |name, timetable: &Timetable, job: Job| Line {
        name,
        timetable: timetable.clone().or_in(settings.zone),
        job,
        known: None,
    };
    let probes = settings.probe_keys.clone().or_in(settings.zone);
    let keep_days = days(settings.audit_retention);
    vec![
        line("release_keys", &settings.release_keys, Box::new(|_| Enqueue::new(&ReleaseKeys {}))),
        line("probe_keys", &settings.probe_keys, Box::new(move |tick| probe_keys(&probes, tick))),
        line("sweep", &settings.sweep, Box::new(|_| Enqueue::new(&Sweep {}))),
        line("read_anew", &settings.read_anew, Box::new(|_| Enqueue::new(&ReadAnew {}))),
        line(
            "expire_subscriptions",
            &settings.expire_subscriptions,
            Box::new(|_| Enqueue::new(&ExpireSubscriptions {})),
        ),
        line("roll_up_usage", &settings.roll_up_usage, Box::new(|_| Enqueue::new(&RollUpUsage {}))),
        line(
            "prune_audit",
            &settings.prune_audit,
            Box::new(move |_| Enqueue::new(&PruneAudit { keep_days })),
        ),
        line("sweep_files", &settings.sweep_files, Box::new(|_| Enqueue::new(&SweepFiles {}))),
    ]
}

/// The schedule for the log.
pub(crate) fn in_words(lines: &[Line], now: DateTime<Utc>) -> String {
    let line = |line: &Line| {
        let next = line.timetable.next(now).map_or_else(|| "never".to_owned(), |next| next.to_rfc3339());
        format!("{}: {} {}, next {next}", line.name, line.timetable.expression(), line.timetable.zone())
    };
    lines.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// Keys that served since the tick before need no probe.
fn probe_keys(timetable: &Timetable, tick: DateTime<Utc>) -> Enqueue {
    let before = timetable.latest(tick - TimeDelta::seconds(1));
    Enqueue::new(&ProbeKeys { served_since: before.unwrap_or(tick) })
}

fn days(time: Duration) -> u32 {
    const DAY: Duration = Duration::from_hours(24);
    u32::try_from(time.as_secs().div_ceil(DAY.as_secs())).unwrap_or(u32::MAX)
}

impl Line {
    /// The tick that is due, if this process does not know it to be done. What was missed is due once.
    fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let done = match self.known {
            Some(Known { next: Some(next), .. }) if now < next => return None,
            Some(known) => known.done,
            None => None,
        };
        self.timetable.latest(now).filter(|tick| done != Some(*tick))
    }

    /// How far it is when this tick is done, or where none was due.
    fn after(&self, tick: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Known {
        let done = tick.or(self.known.and_then(|known| known.done));
        Known { done, next: self.timetable.next(now) }
    }

    fn entry(&self, known: Known) -> Entry {
        Entry {
            name: self.name.to_owned(),
            expression: self.timetable.expression().to_owned(),
            zone: self.timetable.zone().name().to_owned(),
            last_tick: known.done,
            next_tick: known.next,
        }
    }
}

/// Enqueues each line's latest tick, unless that was done, and writes down for admins how far it is.
pub(crate) async fn enqueue_due(db: &Db, now: DateTime<Utc>, lines: &mut [Line]) -> sqlx::Result<()> {
    if lines.iter().any(|line| line.known.is_none()) {
        let names: Vec<_> = lines.iter().map(|line| line.name.to_owned()).collect();
        schedule::keep_only(db.pool(), &names).await?;
    }
    for line in lines {
        let due = line.due(now);
        if due.is_none() && line.known.is_some() {
            continue;
        }
        let after = line.after(due, now);
        let mut tx = db.begin_bare().await?;
        if let Some(tick) = due {
            enqueue(&mut tx, line, tick).await?;
        }
        schedule::write(&mut tx, &line.entry(after)).await?;
        tx.commit().await?;
        line.known = Some(after);
    }
    Ok(())
}

/// Enqueues what a tick is for, unless another process has.
async fn enqueue(tx: &mut Tx, line: &Line, tick: DateTime<Utc>) -> sqlx::Result<()> {
    let new = sqlx::query!(
        "insert into schedule_ticks (name, tick) values ($1, $2) on conflict do nothing",
        line.name,
        tick
    )
    .execute(&mut **tx)
    .await?;
    if new.rows_affected() == 1 {
        (line.job)(tick).run(tx).await?;
        tracing::debug!(name = line.name, %tick, "a tick");
    }
    Ok(())
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
