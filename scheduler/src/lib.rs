//! Ticks: enqueues what is due, and brings back the jobs of dead workers. It does no work itself.
//!
//! Any number of schedulers may run: a lease row elects the one that ticks. Each tick is unique on its
//! name and time in a table that outlives the job, so that two that both think they lead enqueue
//! nothing twice, and a tick that was missed while all were down is caught up once.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use domain::{Clock, Db};
use jobs::{admin_events, bus::Bus, catalogue, platform_status, queue};
use tokio_util::sync::CancellationToken;

mod lease;
mod schedule;
mod timetable;

pub use chrono_tz::Tz;
use lease::Lease;
pub use schedule::{Settings, usual};
pub use timetable::{Timetable, parse_zone};

/// How often it looks whether something is due.
const TICK: Duration = Duration::from_secs(1);

/// How often dead workers' jobs are looked for. With a lease of 15 s this brings a job back within
/// 20 s.
const RESCUE_EVERY: u32 = 5;

/// Runs until `stop`. Outages are waited out.
pub async fn run(
    db: Db,
    bus: Arc<dyn Bus>,
    clock: Clock,
    name: String,
    settings: Settings,
    stop: CancellationToken,
) {
    let lease = Lease::new(&db, name);
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut count, mut lines) = (0_u32, schedule::lines(&settings));
    tracing::info!(schedule = schedule::in_words(&lines, clock.now()), "the schedule");
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = stop.cancelled() => return lease.give_up().await,
        }
        count = count.wrapping_add(1);
        let rescues = count.is_multiple_of(RESCUE_EVERY);
        if let Err(error) = turn(&db, &bus, &lease, (clock.now(), &mut lines), rescues).await {
            tracing::warn!(%error, "the scheduler waits for the database");
        }
    }
}

async fn turn(
    db: &Db,
    bus: &Arc<dyn Bus>,
    lease: &Lease,
    (now, lines): (DateTime<Utc>, &mut [schedule::Line]),
    rescues: bool,
) -> sqlx::Result<()> {
    if !lease.hold().await? {
        return Ok(());
    }
    schedule::enqueue_due(db, now, lines).await?;
    admin_events::outbox::enqueue_ripe(db, now).await?;
    if rescues {
        queue::rescue(db, bus, catalogue::kinds()).await?;
        platform_status::evaluate(db, now, None).await?;
    }
    Ok(())
}
